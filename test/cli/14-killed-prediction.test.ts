import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enginePids } from '../daemon/helpers/processes.js';
import { cube, noise, type Started, Workplace, writeMap } from './locscale.js';

/** 8 cubes of 32³ in a box of 48³ voxels of 1 Å; each is kept by itself, mean and variance in single precision. */
const n = 48;
const cubes = 8;
const cubeBytes = 2 * 4 * 32 ** 3;
const maps = ['fem', 'fem_baseline', 'fem_variance', 'fem_pVDDT'];
const given = [
  'feature_enhance',
  '-hm',
  'half1.mrc',
  'half2.mrc',
  '-ma',
  'mask.mrc',
  '-wn',
  '10',
  '-np',
  '1',
  '-mc_it',
  '40',
];
const command = [...given, '--device', 'cpu', '--model_path', 'emmernet-sim', '-o'];

let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
  const grid = cube(n, 1);
  const distance = (i: number): number =>
    Math.hypot(Math.floor(i / (n * n)) - n / 2, (Math.floor(i / n) % n) - n / 2, (i % n) - n / 2);
  for (const half of [1, 2])
    await writeMap(workplace.path(`half${half}.mrc`), grid, (i) => Math.exp(-distance(i) / 8) + 0.05 * noise(half)(i));
  await writeMap(workplace.path('mask.mrc'), grid, (i) => Number(distance(i) < 20));
});
afterAll(async () => {
  await workplace.run('daemon', 'stop');
  await workplace.close();
});

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Started =>
  workplace.start(process.execPath, [workplace.program, ...args], env);

/** The finished cubes in the store, and the number of each file: one that is written again is another file. */
function keptCubes(): Map<string, number> {
  const store = workplace.path('home/store');
  const names = (() => {
    try {
      return readdirSync(store).filter((name) => name.endsWith('.entry'));
    } catch {
      return [];
    }
  })();
  const files = names.map((name) => [name, statSync(join(store, name))] as const);
  return new Map(
    files.filter(([, { size }]) => size > cubeBytes && size < 1.1 * cubeBytes).map(([name, { ino }]) => [name, ino]),
  );
}

describe('a prediction whose engine is killed', () => {
  it('goes on behind its last finished cube, and ends in the same bytes', async () => {
    expect((await start(['daemon', 'start']).finished).code).toBe(0);
    const killed = start([...command, 'fem.mrc']);
    while (keptCubes().size < 2) {
      if (killed.child.exitCode !== null)
        throw new Error(`the run ended before cubes were kept: ${killed.output.error}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    enginePids(workplace.path('home')).forEach((pid) => process.kill(pid, 'SIGKILL'));
    const { code, error } = await killed.finished;
    expect(code).toBe(1);
    expect(error).toContain('was killed (SIGKILL) during the step predictMap');
    const kept = keptCubes();
    expect(kept.size).toBeLessThan(cubes);
    expect(readdirSync(workplace.folder).filter((name) => name.startsWith('fem'))).toEqual([]);

    const resumed = await start([...command, 'fem.mrc']).finished;
    expect(resumed.code, resumed.error).toBe(0);
    const after = keptCubes();
    expect(after.size).toBe(cubes);
    for (const [name, file] of kept) expect(after.get(name)).toBe(file);

    const whole = start([...command, 'whole.mrc', '--no-daemon'], { LOCSCALE_STORE_LIMIT: '0' });
    expect(await whole.finished).toMatchObject({ code: 0 });
    for (const name of maps) {
      const [ours, theirs] = [name, name.replace('fem', 'whole')].map((each) =>
        readFileSync(workplace.path(`${each}.mrc`)),
      );
      expect(ours?.equals(theirs ?? Buffer.of()), name).toBe(true);
    }
  });
});
