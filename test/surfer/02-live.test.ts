import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { kindOf, testDaemon, type TestDaemon } from '../daemon/helpers/daemon.js';
import { ball, blob, grid, upload } from '../daemon/helpers/maps.js';

const n = 24;

async function voxelsOf({ url, token }: TestDaemon, volume: string): Promise<Float32Array> {
  const response = await fetch(`${url}/volumes/${volume}?format=raw`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return new Float32Array(await response.arrayBuffer());
}

/** Probability that falls from 1 in the middle of the box to 0 at its faces. */
const falling = Float32Array.from({ length: n ** 3 }, (_, at) => {
  const [z, y, x] = [Math.floor(at / n / n), Math.floor(at / n) % n, at % n];
  return Math.max(0, 1 - Math.hypot(z - n / 2, y - n / 2, x - n / 2) / (n / 2));
});

describe('context.subtract', () => {
  it('takes context out of a volume again and again, each result a volume of its own', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const target = blob(n, 1);
    const volumes = { context: await upload(daemon, falling, grid(n)), target: await upload(daemon, target, grid(n)) };
    const first = await client.call('context.subtract', { ...volumes, threshold: 0.5, smoothing: 1 });
    const inside = falling.reduce((count, value) => count + (value >= 0.5 ? 1 : 0), 0);
    expect(first).toMatchObject({ components: 1, highest: 1, cleaned: { source: 'job', grid: grid(n) } });
    expect(first.contextVolume).toBeCloseTo(inside * 1.5 ** 3, 3);
    expect(await voxelsOf(daemon, first.cleaned.id)).toEqual(
      target.map((value, at) => ((falling[at] as number) >= 0.5 ? 0 : value)),
    );

    const second = await client.call('context.subtract', {
      ...volumes,
      threshold: 0.8,
      smoothing: 1,
      inverse: true,
      replaces: first.cleaned.id,
    });
    expect(await voxelsOf(daemon, second.cleaned.id)).toEqual(
      target.map((value, at) => ((falling[at] as number) >= 0.8 ? value : 0)),
    );
    expect(await kindOf(client.call('volume.describe', { volume: first.cleaned.id }))).toBe('volume.unknown');
    // The inputs are as they were, and not in use.
    await client.call('volume.close', { volume: volumes.context });
  });

  it('reads a volume anew when another has its place, and leaves the target as it is where nothing is found', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const target = blob(n, 2);
    const id = await upload(daemon, target, grid(n));
    const empty = await client.call('context.subtract', {
      context: await upload(daemon, new Float32Array(n ** 3), grid(n)),
      target: id,
    });
    expect(empty).toMatchObject({ components: 0, volumes: [], contextVolume: 0, highest: 0 });
    expect(await voxelsOf(daemon, empty.cleaned.id)).toEqual(target);
    const full = await client.call('context.subtract', {
      context: await upload(daemon, ball(n, 2), grid(n)),
      target: id,
    });
    expect((await voxelsOf(daemon, full.cleaned.id)).every((value) => value === 0)).toBe(true);
  });

  it('refuses volumes of other grids, with numbers, and does not replace what it did not make', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const context = await upload(daemon, falling, grid(n));
    const target = await upload(daemon, blob(16, 1), grid(16));
    await expect(client.call('context.subtract', { context, target })).rejects.toMatchObject({
      kind: 'input.mismatch',
      message: expect.stringMatching(
        /24 × 24 × 24 voxels \(z, y, x\), but that of the target has 16 × 16 × 16/u,
      ) as string,
    });
    const own = await upload(daemon, blob(n, 3), grid(n));
    await client.call('context.subtract', { context, target: own, replaces: own });
    expect((await client.call('volume.describe', { volume: own })).id).toBe(own);
    expect(await kindOf(client.call('context.subtract', { context, target: own, smoothing: 21 }))).toBe(
      'rpc.invalid-params',
    );
  });

  it('is described in the protocol', async () => {
    const text = await readFile(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
    expect(text).toContain('context.subtract');
  });
});
