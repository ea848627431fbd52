import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The smallest array of a round is 0.45 MiB: one of any kind kept per round would add 90 MiB. */
const script = `
import { combineHalfMaps, fft3, fourierShellCorrelation, inverseFft3, statistics } from '@locscale/native';
const shape = [48, 49, 50];
const map = Float32Array.from({ length: 48 * 49 * 50 }, (_, i) => Math.sin(i));
async function round() {
  const half2 = await combineHalfMaps(map, map);
  await statistics(half2);
  await inverseFft3(await fft3(Float64Array.from(map), shape), shape);
  await inverseFft3(await fft3(map, shape), shape);
  await fourierShellCorrelation(map, half2, shape);
  const abort = new AbortController();
  const cancelled = fourierShellCorrelation(map, half2, shape, { signal: abort.signal });
  abort.abort();
  await cancelled.catch(() => undefined);
}
const resident = () => { gc(); return process.memoryUsage().rss / 2 ** 20; };
for (let i = 0; i < 40; i++) await round();
const before = resident();
for (let i = 0; i < 200; i++) await round();
console.log(resident() - before);
`;

it('does not grow over 200 rounds of calls, cancelled ones included', async () => {
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  const grownMebibytes = Number(output);
  expect(output).not.toBe('');
  expect(grownMebibytes).toBeLessThan(40);
}, 120_000);
