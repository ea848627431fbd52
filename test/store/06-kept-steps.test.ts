import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Grid } from '@chimerax-like/rpc';
import { evaluate, type Outcome, type RecipeInputs } from '../../daemon/src/engine/index.js';
import type { StepRecord } from '../../daemon/src/engine/graph.js';
import { pack } from '../../daemon/src/engine/sparse-sections.js';
import { keyOf, Store } from '../../daemon/src/store/index.js';
import { readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { noise } from '../cli/locscale.js';
import { scratchFolder } from './helpers.js';

/** Three slabs of at most 96 sections. */
const grid: Grid = { shape: [200, 24, 24], voxelSize: [1.5, 1.5, 1.5], origin: [0, 0, 0] };
const voxelCount = 200 * 24 * 24;

let folder: string;
let store: Store;
let inputs: RecipeInputs;
const at = (name: string): string => join(folder, name);
const file = (name: string) => ({ kind: 'mrc', path: at(name) }) as const;

async function writeHalf(name: string, seed: number, first = 0): Promise<void> {
  const signal = (i: number): number => {
    const [z, y, x] = [Math.floor(i / 576) - 120, (Math.floor(i / 24) % 24) - 12, (i % 24) - 12];
    return Math.hypot(z / 13, y, x) < 6 ? 8 * (1 + noise(9)(i)) : 0;
  };
  const voxels = Float32Array.from({ length: voxelCount }, (_, i) => signal(i) + noise(seed)(i));
  voxels[0] = first;
  await writeVolume(at(name), { grid, voxels });
}

beforeEach(async () => {
  folder = await scratchFolder();
  store = await Store.open(at('store'));
  await writeHalf('half1.mrc', 1);
  await writeHalf('half2.mrc', 2);
  inputs = { halfMaps: [file('half1.mrc'), file('half2.mrc')] };
});

const run = (parameters: Readonly<Record<string, unknown>> = {}, output = 'out.mrc', own = store): Promise<Outcome> =>
  evaluate({
    recipe: 'no-reference',
    inputs,
    parameters: { windowSize: 12, noiseWindow: 4, ...parameters },
    outputPath: at(output),
    store: own,
  });

const stepsOf = ({ provenance }: Outcome): readonly StepRecord[] => provenance['steps'] as readonly StepRecord[];
/** Where the result of each step came from. */
const origins = (outcome: Outcome): Readonly<Record<string, string>> =>
  Object.fromEntries(stepsOf(outcome).map(({ name, from }) => [name, from]));
const voxelsOf = async (name: string): Promise<Float32Array> => (await readVolume(at(name))).voxels;
const bytesOf = (name: string): Promise<Buffer> => readFile(at(name));

const expensive = ['confidenceMask', 'halfMapFsc', 'scaleWindows'];
const all = (origin: string): object => Object.fromEntries(expensive.map((name) => [name, origin]));

describe('a run after another one', () => {
  it('with the same inputs reads no voxels: everything comes from the store', async () => {
    expect(origins(await run())).toMatchObject(all('computed'));
    const first = await bytesOf('out.mrc');
    const again = await run();
    expect(origins(again)).toMatchObject({ scaleWindows: 'store', halfMapFsc: 'not run', combineHalfMaps: 'not run' });
    expect(Object.values(origins(again))).not.toContain('computed');
    expect(Object.keys(again.timings)).not.toContain('loadVolume');
    expect((await bytesOf('out.mrc')).subarray(1024).equals(first.subarray(1024))).toBe(true);
  });

  it('with other threads, another output and other file names, too', async () => {
    await run({ threads: 1 });
    await writeFile(at('renamed.mrc'), await bytesOf('half1.mrc'));
    inputs = { halfMaps: [file('renamed.mrc'), file('half2.mrc')] };
    expect(origins(await run({ threads: 2 }, 'other.mrc'))).toMatchObject({ scaleWindows: 'store' });
    expect(await voxelsOf('other.mrc')).toEqual(await voxelsOf('out.mrc'));
  });

  it('with another target B-factor scales again, with the mask and the cut-offs that are there', async () => {
    await run();
    const softer = await run({ targetBfactor: 60 }, 'softer.mrc');
    expect(origins(softer)).toMatchObject({
      confidentVoxels: 'store',
      mapResolution: 'store',
      fitStart: 'store',
      wilsonCutoff: 'not run',
      edgeFill: 'store',
      halfMapFsc: 'not run',
      scaleWindows: 'computed',
    });
    expect(await voxelsOf('softer.mrc')).not.toEqual(await voxelsOf('out.mrc'));
    expect(await voxelsOf('softer_bfactor.mrc')).toEqual(await voxelsOf('out_bfactor.mrc'));
  });

  it('with one voxel changed in an input computes everything', async () => {
    await run();
    await writeHalf('half1.mrc', 1, 3);
    const changed = await run();
    expect(origins(changed)).toMatchObject({ ...all('computed'), mapResolution: 'computed', edgeFill: 'computed' });
  });

  it('says again what was warned of', async () => {
    const parameters = { wilsonCutoff: 9, resolution: 3.2, windowSize: 5 };
    const warnings = (await run(parameters)).warnings;
    expect(warnings.length).toBeGreaterThan(0);
    expect((await run(parameters)).warnings).toEqual(warnings);
  });

  it.each([
    ['cut short', (path: string) => truncate(path, 40)],
    [
      'overwritten in the middle',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0xff, bytes.length - 1);
        await writeFile(path, bytes);
      },
    ],
  ])('computes again what was %s in the store', async (_, damage) => {
    await run();
    const first = await voxelsOf('out.mrc');
    for (const name of await readdir(at('store'))) await damage(at(join('store', name)));
    expect(origins(await run())).toMatchObject(all('computed'));
    expect(await voxelsOf('out.mrc')).toEqual(first);
    expect(origins(await run())).toMatchObject({ scaleWindows: 'store' });
  });

  it('computes everything when the store may hold nothing, and leaves nothing there', async () => {
    const nothing = await Store.open(at('nothing'), { limitBytes: 0 });
    await run({}, 'out.mrc', nothing);
    expect(origins(await run({}, 'out.mrc', nothing))).toMatchObject(all('computed'));
    expect(await readdir(at('nothing'))).toEqual([]);
  });
});

it('a run that ended early goes on with the slabs that are there', async () => {
  const key = stepsOf(await run()).find(({ name }) => name === 'scaleWindows')?.key;
  const whole = await voxelsOf('out.mrc');
  const piece = (name: string): string => keyOf({ of: key, piece: name });
  // As after a kill in the third slab; and marked, so that a slab that is computed again shows.
  await store.delete(piece('contents'));
  await store.delete(piece('sections from 192'));
  const slab = (await store.get(piece('sections from 96'))) as { readonly counts: object };
  const marked = whole.slice(96 * 576, 192 * 576).map((value) => (value === 0 ? 0 : 1000));
  await store.put(piece('sections from 96'), { ...slab, scaled: pack(marked) });
  expect(origins(await run())).toMatchObject({ scaleWindows: 'computed', confidentVoxels: 'store' });
  const resumed = await voxelsOf('out.mrc');
  expect(resumed.subarray(0, 96 * 576)).toEqual(whole.subarray(0, 96 * 576));
  expect(resumed.subarray(96 * 576, 192 * 576)).toEqual(marked);
  expect(resumed.subarray(192 * 576)).toEqual(whole.subarray(192 * 576));
  expect(whole.subarray(192 * 576).some((value) => value !== 0)).toBe(true);
});
