import { readFile } from 'node:fs/promises';
import type { Layer } from '@chimerax-like/rpc';
import { describe, expect, it, vi } from 'vitest';
import { kindOf, reach, testDaemon, type TestDaemon } from '../daemon/helpers/daemon.js';
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

  it('replaces a volume that is on the screen, for all who look, and leaves those that others made', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const context = await upload(daemon, falling, grid(n));
    const target = await upload(daemon, blob(n, 1), grid(n));
    const first = await client.call('context.subtract', { context, target });
    await client.call('viewer.add', { volume: target });
    await client.call('viewer.add', { volume: first.cleaned.id, of: target, role: 'result' });
    await client.call('viewer.show', { volume: first.cleaned.id, opacity: 0.4 });
    const shown = async (): Promise<Layer | undefined> =>
      (await client.call('viewer.get')).maps[0]?.layers.find(({ role }) => role === 'result');
    const before = await shown();
    const made = [first.cleaned.id];
    for (const threshold of [0.6, 0.7, 0.8, 0.9, 0.95]) {
      const replaces = made.at(-1) as string;
      made.push((await client.call('context.subtract', { context, target, threshold, replaces })).cleaned.id);
      expect(await shown()).toEqual({ ...before, volume: made.at(-1) });
    }
    // A viewer may still be on the way to the last three.
    const open = (await client.call('volume.list')).map(({ id }) => id);
    expect(made.map((id) => open.includes(id))).toEqual([false, false, true, true, true, true]);
    expect(await voxelsOf(daemon, made[5] as string)).not.toEqual(await voxelsOf(daemon, made[4] as string));
  });

  it('follows the threshold of a context on the screen with the map that a job cleaned of it, half maps included', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const halves = [await upload(daemon, blob(n, 1), grid(n)), await upload(daemon, blob(n, 2), grid(n))] as const;
    await client.call('viewer.add', { volume: halves[0] });
    const parameters = { network: 'surfer-sim', device: 'cpu', threshold: 0, smoothing: 1, largestSegment: false };
    const job = await client.call('job.submit', {
      recipe: 'surfer',
      inputs: { halfMaps: [...halves] },
      parameters,
    });
    const { outputs } = await reach(client, job.id, 'done');
    const layers = async (): Promise<readonly Layer[]> => (await client.call('viewer.get')).maps[0]?.layers ?? [];
    const layer = async (name: string): Promise<Layer | undefined> =>
      (await layers()).find((candidate) => candidate.name === name);
    expect(await layer('context')).toMatchObject({ threshold: 0, volume: outputs['context'] });
    expect((await voxelsOf(daemon, outputs['cleaned'] as string)).every((value) => value === 0)).toBe(true);
    // Faster than it can be followed: the last one counts.
    for (const threshold of [0.2, 1, 0.9])
      await client.call('viewer.level', { volume: outputs['context'] as string, threshold });
    const [one, other, probability] = await Promise.all(
      [...halves, outputs['context'] as string].map((id) => voxelsOf(daemon, id)),
    );
    const expected = one?.map((value, at) =>
      (probability?.[at] as number) >= Math.fround(0.9) ? 0 : Math.fround(value + (other?.[at] as number)) / 2,
    );
    expect(expected?.some((value) => value !== 0)).toBe(true);
    await vi.waitFor(
      async () => expect(await voxelsOf(daemon, (await layer('cleaned'))?.volume as string)).toEqual(expected),
      {
        timeout: 10_000,
        interval: 50,
      },
    );
    expect(await layer('cleaned')).toMatchObject({ job: job.id, visible: true });
    // What the job made stays what it made.
    expect((await voxelsOf(daemon, outputs['cleaned'] as string)).every((value) => value === 0)).toBe(true);
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
