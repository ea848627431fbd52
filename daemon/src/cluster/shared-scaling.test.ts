import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { scaleWindows, type ScaleWindowsInput, type VoxelCounts } from '@locscale/native';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOfThisProcess } from './identity.js';
import { RunFolder } from './run-folder.js';
import { helpWith, sharedScaling, taskName } from './shared-scaling.js';
import { Watch } from './watch.js';

const shape = [200, 24, 70] as const;
const length = shape[0] * shape[1] * shape[2];
const values = (seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37 + seed * i * i * 1e-3));
const input: ScaleWindowsInput = {
  form: 'atomic',
  measure: { voxelSize: 1, fscCutoff: 3 },
  map: values(1),
  reference: values(2),
  // Nothing in the middle slab.
  mask: Uint8Array.from({ length }, (_, i) => Number(Math.floor(i / (24 * 70)) % 192 < 90 && i % 7 !== 0)),
  shape,
  windowSize: 16,
  fill: { map: 0.1, reference: -0.2 },
};

const bytesOf = ({ buffer }: Float32Array): Uint8Array => new Uint8Array(buffer);

let folder: RunFolder;
const watches: Watch[] = [];
beforeEach(async () => {
  folder = await RunFolder.open(await mkdtemp(join(tmpdir(), 'locscale-sharing-')));
});
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.stop();
  await rm(folder.path, { recursive: true, force: true });
});

const watchOf = async (rank: number): Promise<Watch> => {
  const identity = await identityOfThisProcess();
  const peers = rank === 0 ? [1, 2] : [0];
  const signal = new AbortController().signal;
  const watch = new Watch({ folder, rank, ranks: [identity, identity, identity], peers, silenceMs: 60_000, signal });
  watches.push(watch);
  return watch;
};

it('gives the same maps, counts and slabs as the kernel alone, also when the others do everything', async () => {
  type Told = readonly (readonly [sections: readonly [number, number], counts: VoxelCounts])[];
  const sorted = (told: Told): Told => [...told].sort(([[a]], [[b]]) => a - b);
  const told: [readonly [number, number], VoxelCounts][] = [];
  const expectedSlabs: typeof told = [];
  const whole = await scaleWindows(input, {
    onSlab: (sections, counts) => void expectedSlabs.push([sections, counts]),
  });

  const place = { folder, size: 3, threads: 1 };
  const maps = {
    scaled: new Float32Array(length),
    bfactors: new Float32Array(length),
    qualities: new Float32Array(length),
  };
  const fractions: number[] = [];
  const helpers = [1, 2].map(async (rank) => {
    const watch = await watchOf(rank);
    while (!(await watch.next()).has(taskName(1)));
    await helpWith(1, { ...place, watch });
  });
  const scaling = sharedScaling({ ...place, watch: await watchOf(0) })(input, {
    ...maps,
    onSlab: (sections, counts) => void told.push([sections, counts]),
    onProgress: (fraction) => void fractions.push(fraction),
  });
  await Promise.all([scaling, ...helpers]);

  for (const name of ['scaled', 'bfactors', 'qualities'] as const)
    expect(Buffer.compare(bytesOf(maps[name]), bytesOf(whole[name] ?? new Float32Array())), name).toBe(0);
  expect(sorted(told)).toEqual(sorted(expectedSlabs));
  expect(told).toHaveLength(3);
  expect(fractions.at(-1)).toBe(1);
});

it('ends with a failure that another rank tells of', async () => {
  const [own, other] = [await watchOf(0), await watchOf(1)];
  const error = new LocScaleError('engine.missing', 'Rank 1 on node7: the addon is missing.');
  expect(await other.tell({ rank: 1, error })).toBe(true);
  expect(await own.tell({ rank: 0, error })).toBe(false);
  await expect(own.failed).rejects.toMatchObject({ kind: 'engine.missing', message: error.message });
  await expect(sharedScaling({ folder, watch: own, size: 3, threads: 1 })(input, {})).rejects.toThrow();
  expect(own.signal.aborted).toBe(true);
});

it('has nothing to do for a rank that comes when all is done, and no error', async () => {
  const place = { folder, size: 3, threads: 1 };
  await sharedScaling({ ...place, watch: await watchOf(0) })(input, {});
  const before = await folder.names();
  await helpWith(1, { ...place, watch: await watchOf(1) });
  const written = [...(await folder.names())].filter((name) => !before.has(name) && !name.startsWith('beat-'));
  expect(written.filter((name) => !name.startsWith('.'))).toEqual([]);
});
