import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localFilter, localResolution, whitenHalfMaps } from '@locscale/native';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap } from '../volumes/helpers/encode-map.js';
import { cube, type Finished, noise, Workplace, writeMap } from './locscale.js';
import { runHere } from './run-here.js';

let workplace: Workplace;
const home = process.cwd();

/** Columns, rows and sections of a file whose columns run along z, rows along x and sections along y; odd edges. */
const dimensions = [37, 31, 33] as const;
/** Strong, correlated grains in a ball, on noise of each half's own. */
const grains =
  (seed: number) =>
  (column: number, row: number, section: number): number => {
    const i = (section * 31 + row) * 37 + column;
    const distance = Math.hypot(column - 18, row - 15, section - 16);
    return noise(seed)(i) + (distance < 11 ? 5 * noise(3)(i) : 0);
  };

beforeAll(async () => {
  workplace = await Workplace.create();
  process.chdir(workplace.folder);
  const recipe = { dimensions, axisOrder: [3, 1, 2], start: [-7, 12, 5], origin: [12, -3, 7.5] } as const;
  for (const seed of [1, 2]) {
    const file = encodeMap({ ...recipe, labels: [`half ${seed}`], value: grains(seed) });
    await writeFile(workplace.path(`half${seed}.mrc`), file);
  }
  const ball = (c: number, r: number, s: number): number => (Math.hypot(c - 18, r - 15, s - 16) < 10 ? 1 : 0);
  await writeFile(workplace.path('mask.mrc'), encodeMap({ ...recipe, value: ball }));
  await writeFile(workplace.path('same.mrc'), encodeMap({ ...recipe, value: grains(1) }));
  await writeMap(workplace.path('small.mrc'), cube(24), noise(5));
  for (const seed of [7, 8]) await writeMap(workplace.path(`noise${seed}.mrc`), cube(30), noise(seed));
  await writeMap(workplace.path('cut1.mrc'), cube(40), (i) => (i % 40 < 24 ? noise(3)(i) + 0.2 * noise(1)(i) : 0));
  await writeMap(workplace.path('cut2.mrc'), cube(40), (i) => (i % 40 < 24 ? noise(3)(i) + 0.2 * noise(2)(i) : 0));
  await writeMap(workplace.path('all.mrc'), cube(40), () => 1);
});
afterAll(async () => {
  process.chdir(home);
  await workplace.close();
});

const run = (...args: readonly string[]): Promise<Finished> => runHere('local-resolution', ...args);

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { out, error, code } = await run(...args, '--json');
  expect({ error, code }, out).toEqual({ error: '', code: 0 });
  return JSON.parse(out) as Record<string, unknown>;
};
const map = (name: string): ReturnType<typeof readVolume> => readVolume(workplace.path(name), { requireSignal: false });
const halves = ['-hm', 'half1.mrc', 'half2.mrc'] as const;

describe('locscale local-resolution', () => {
  it('overlays its input: permuted axes, start words, origin, odd box, in header and in voxels', async () => {
    const found = await json(
      ...halves,
      '-ma',
      'mask.mrc',
      '-o',
      'local.mrc',
      '-wn',
      '16',
      '--filtered',
      'filtered.mrc',
    );
    const [half1, half2, mask] = [await map('half1.mrc'), await map('half2.mrc'), await map('mask.mrc')];
    const { shape } = half1.grid;
    expect(shape).toEqual([37, 33, 31]);
    const whitened = await whitenHalfMaps(half1.voxels, half2.voxels, shape);
    const request = { half1: whitened.half1, half2: whitened.half2, mask: Uint8Array.from(mask.voxels), shape };
    const expected = await localResolution({ ...request, windowSize: 16, voxelSize: 1.5, threshold: 0.143 });
    expect(expected.resolution.filter((value) => value > 0 && value < 3.2).length).toBeGreaterThan(1000);
    const local = await map('local.mrc');
    expect(local.grid).toEqual(half1.grid);
    expect(local.voxels).toEqual(expected.resolution);
    const mean = half1.voxels.map((value, i) => (value + (half2.voxels[i] ?? NaN)) / 2);
    expect((await map('filtered.mrc')).voxels).toEqual(await localFilter(mean, shape, expected.resolution, 1.5));
    const words = (name: string): readonly Buffer[] => {
      const file = readFileSync(workplace.path(name));
      // Dimensions; start, sampling and cell; axis order; origin.
      return [file.subarray(0, 12), file.subarray(16, 64), file.subarray(64, 76), file.subarray(196, 208)];
    };
    for (const output of ['local.mrc', 'filtered.mrc']) expect(words(output)).toEqual(words('half1.mrc'));
    expect(local.header.labels.at(-1)).toMatch(/local resolution, FSC 0\.143, window 16 voxels/);
    expect(found).toMatchObject({ ok: true, command: 'local-resolution', windowSize: 16, threshold: 0.143 });
    const inside = mask.voxels.reduce((sum, value) => sum + value, 0);
    expect(found).toMatchObject({ voxels: inside, emptyWindows: 0, limits: { finest: 3, coarsest: 9.6 } });
  });

  it('makes a mask of its own, chooses a window, smooths, and takes another threshold', async () => {
    const found = await json(...halves, '-o', 'own.mrc', '--threshold', '0.5', '--smoothing', '6');
    // Thirty ångströms at least, at 1.5 Å a voxel.
    expect(found['windowSize']).toBeGreaterThanOrEqual(20);
    expect(found).toMatchObject({ mask: null, threshold: 0.5, smoothing: 6 });
    const { voxels, statistics } = await map('own.mrc');
    expect(voxels.filter((value) => value > 0).length).toBe(found['voxels']);
    expect(statistics.max).toBeLessThan(15);
    const { out } = await run(...halves, '-ma', 'mask.mrc', '-o', 'own.mrc');
    expect(out).toMatch(
      /own\.mrc\n[\d,]+ voxels: median \d+\.\d\d Å, .*\n.*Nyquist limit of 3\.00 Å; .*window \d+ voxels\n$/,
    );
  });

  it('leaves 0 with a warning where half maps that were masked hold nothing', async () => {
    const found = await json('-hm', 'cut1.mrc', 'cut2.mrc', '-ma', 'all.mrc', '-o', 'cut.mrc', '-wn', '12');
    expect(found['warnings']).toMatchObject([{ kind: 'result.empty-windows' }]);
    // Windows see the last signal, column 23, when their centre is at most 5 columns away; those at the face are moved.
    const { voxels } = await map('cut.mrc');
    expect(voxels.every((value, i) => value > 0 === i % 40 <= 28)).toBe(true);
    expect(found['emptyWindows']).toBe(40 * 40 * 11);
    expect(voxels.every((value) => Number.isFinite(value) && value <= 7.2 + 1e-6)).toBe(true);
  });

  it.each([
    ['a threshold above 1', [...halves, '--threshold', '2'], 2, /--threshold 2 .*between 0 and 1/],
    ['a threshold of 0', [...halves, '--threshold', '0'], 2, /--threshold 0/],
    ['a window larger than the box', [...halves, '-ma', 'mask.mrc', '-wn', '40'], 2, /40 voxels wide .* 37 × 33 × 31/],
    ['a window that is none', [...halves, '-wn', '4'], 2, /4 .*from 8 to 128/],
    ['one half map', ['half1.mrc'], 2, /1 map is given; give two half maps/],
    ['the same file twice', ['-hm', 'half1.mrc', 'half1.mrc'], 2, /same file twice/],
    [
      'half maps that are equal',
      ['-hm', 'half1.mrc', 'same.mrc', '-ma', 'mask.mrc'],
      3,
      /same values.*FSC is 1 everywhere/,
    ],
    ['half maps of unlike size', ['-hm', 'half1.mrc', 'small.mrc'], 3, /24/],
    ['a mask of another size', [...halves, '-ma', 'small.mrc'], 3, /24/],
    ['pure noise and no mask', ['-hm', 'noise7.mrc', 'noise8.mrc'], 3, /confidence of 0\.99/],
    ['an output that is an input', [...halves, '--filtered', 'half1.mrc'], 4, /half1/],
  ])('says in one sentence what is wrong with %s, and writes nothing', async (_, args, expected, sentence) => {
    const before = await readdir(workplace.folder);
    const { code, out, error } = await run(...args, '-o', 'never.mrc');
    expect({ code, out }, error).toEqual({ code: expected, out: '' });
    expect(error).toMatch(/^locscale: [^\n]*[^.]\.\n$/);
    expect(error).toMatch(sentence);
    expect(await readdir(workplace.folder)).toEqual(before);
    expect(existsSync(workplace.path('never.mrc'))).toBe(false);
  });
});
