import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { cube, noise, Workplace, writeInputs, writeMap } from './locscale.js';
import { runHere } from './run-here.js';

let workplace: Workplace;
const home = process.cwd();
beforeAll(async () => {
  workplace = await Workplace.create();
  process.chdir(workplace.folder);
  await writeInputs(workplace);
  await writeMap(workplace.path('blob.mrc'), { ...cube(32), origin: [12, -3, 7.5] }, blob(1));
  await writeMap(workplace.path('other.mrc'), { ...cube(32), origin: [12, -3, 7.5] }, blob(2));
  await writeMap(workplace.path('inverted.mrc'), cube(32), (i) => -blob(1)(i));
  for (const seed of [1, 2])
    await writeMap(workplace.path(`weak${seed}.mrc`), cube(32), (i) => blob(seed)(i) + 9 * noise(seed)(i));
  await writeMap(workplace.path('small.mrc'), cube(24), noise(5));
});
afterAll(async () => {
  process.chdir(home);
  await workplace.close();
});

const run = runHere;

/** A dense ball in the middle of noise. */
const blob =
  (seed: number) =>
  (i: number): number => {
    const [z, y, x] = [Math.floor(i / 1024) - 16, (Math.floor(i / 32) % 32) - 16, (i % 32) - 16];
    return noise(seed)(i) + (Math.hypot(z, y, x) < 6 ? 20 : 0);
  };

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { out, error, code } = await run(...args, '--json');
  expect({ error, code }, out).toEqual({ error: '', code: 0 });
  return JSON.parse(out) as Record<string, unknown>;
};
const map = (name: string): ReturnType<typeof readVolume> => readVolume(workplace.path(name), { requireSignal: false });

it('are commands of the installed program', async () => {
  const { code, out, error } = await workplace.run('statistics', 'blob.mrc', '--json');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(JSON.parse(out)).toMatchObject({ ok: true, command: 'statistics', voxels: 32 ** 3 });
});

describe('locscale mask', () => {
  it('finds the ball in the noise, writes mask, confidence map and picture on the grid of the map', async () => {
    const args = ['-o', 'blob_mask.mrc', '--confidence', 'blob_confidence.mrc', '--picture', 'boxes.png'];
    const found = await json('mask', '-hm', 'blob.mrc', 'other.mrc', ...args);
    const { voxels, grid } = await map('blob_mask.mrc');
    expect(grid).toMatchObject({ shape: [32, 32, 32], origin: [12, -3, 7.5] });
    const inside = voxels.filter((value) => value === 1).length;
    const ball = Array.from({ length: 32 ** 3 }, (_, i) => blob(1)(i) > 10).filter(Boolean).length;
    expect(inside).toBe(ball);
    expect(found).toMatchObject({ ok: true, command: 'mask', maskedVoxels: inside, rate: 0.01 });
    const confidence = (await map('blob_confidence.mrc')).voxels;
    voxels.forEach((value, i) => expect((confidence[i] ?? NaN) >= 0.99).toBe(value === 1));
    const png = readFileSync(workplace.path('boxes.png'));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(3 * 320 + 4 * 8); // 32 voxels, ten pixels each
  });

  it('measures noise where it is told to', async () => {
    const found = await json('mask', 'blob.mrc', '-o', 'm.mrc', '--noise_box', '26,5,26', '-fdr_w', '6');
    expect(found['noise']).toMatchObject({ edge: 6, corners: [[23, 2, 23]] });
  });

  it('warns when one of the noise boxes is unlike the others', async () => {
    await writeMap(workplace.path('dirty.mrc'), cube(32), (i) => blob(1)(i) + (i % 32 > 26 && i % 2 === 0 ? 6 : 0));
    const found = await json('mask', 'dirty.mrc', '-o', 'dirty_mask.mrc');
    const unlike = (message: RegExp): object => ({
      kind: 'mask.noise-differs',
      message: expect.stringMatching(message) as string,
    });
    expect(found['warnings']).toMatchObject([unlike(/variance of the one at \(14, 14, 27\) .* times the smallest/)]);
    await writeMap(workplace.path('half_masked.mrc'), cube(32), (i) => (i % 32 < 8 ? 0 : blob(1)(i)));
    const cut = await json('mask', 'half_masked.mrc', '-o', 'dirty_mask.mrc');
    expect(cut['warnings']).toMatchObject([unlike(/\(14, 14, 0\) \(z, y, x\) holds a single value/)]);
    expect((await json('mask', 'blob.mrc', '-o', 'dirty_mask.mrc'))['warnings']).toEqual([]);
  });

  it.each([
    ['pure noise', ['half1.mrc', '-fdr', '0.0001'], 3, /confidence of 0\.9999.*--fdr_filter.*--noise_box.*inverted/],
    ['an inverted map', ['inverted.mrc'], 3, /multiply the map by -1/],
    ['a map that is masked already', ['mask.mrc'], 3, /nothing but the value 0/],
    ['a noise box outside the map', ['blob.mrc', '--noise_box', '1,1,1'], 2, /\(1, 1, 1\)/],
    ['a noise box that is no voxel', ['blob.mrc', '--noise_box', '1,2'], 2, /z,y,x/],
    ['a window larger than the map', ['blob.mrc', '-fdr_w', '40'], 2, /40/],
    ['two maps', ['blob.mrc', 'other.mrc'], 2, /2 maps/],
  ])('says in one sentence what is wrong with %s, and writes nothing', async (_, args, expected, sentence) => {
    const before = await readdir(workplace.folder);
    const { code, out, error } = await run('mask', ...args, '-o', 'never.mrc');
    expect({ code, out }, error).toEqual({ code: expected, out: '' });
    expect(error).toMatch(/^locscale: [^\n]*[^.]\.\n$/);
    expect(error).toMatch(sentence);
    expect(await readdir(workplace.folder)).toEqual(before);
  });
});

describe('locscale fsc', () => {
  it('gives curve, frequencies and both crossings', async () => {
    const found = await json('fsc', '-hm', 'weak1.mrc', 'weak2.mrc', '-ma', 'mask.mrc', '--seed', '3');
    expect(found).toMatchObject({ nyquist: 3, compat: 'none', masked: { seed: 3 } });
    const [frequency, curve] = [found['frequency'] as number[], found['fsc'] as number[]];
    expect(curve).toHaveLength(16);
    expect(frequency[1]).toBeCloseTo(1.5 / 48, 12);
    const { '0.143': d } = found['resolution'] as Record<string, number>;
    const below = curve.findIndex((value) => value < 0.143);
    expect(d).toBeLessThan(1 / (frequency[below - 1] ?? NaN));
    expect(d).toBeGreaterThan(1 / (frequency[below] ?? NaN));
  });

  it('says so where a curve never falls', async () => {
    const strong = await json('fsc', 'blob.mrc', 'other.mrc');
    expect(strong['resolution']).toEqual({ '0.143': null, '0.5': null });
    const { out } = await run('fsc', 'blob.mrc', 'other.mrc');
    expect(out).toBe('FSC unmasked: not reached at 0.143, not reached at 0.5\n');
  });
});

describe('locscale filter, sharpen-global, resample, profile and statistics', () => {
  it.each([
    [['filter', 'blob.mrc', '--low_pass', '8', '--high_pass', '30']],
    [['filter', '-hm', 'blob.mrc', 'other.mrc', '--fsc']],
    [['filter', 'blob.mrc', '--profile_of', 'other.mrc']],
    [['sharpen-global', 'blob.mrc', '--bfactor', '-50', '--low_pass', '6']],
  ])('%j writes a map where its input lies', async (args) => {
    await json(...args, '-o', 'made.mrc');
    const made = await map('made.mrc');
    expect(made.grid).toEqual((await map('blob.mrc')).grid);
    expect(made.header.labels.at(-1)).toMatch(/^LocScale \d/);
  });

  it('a filter keeps its band, a blur lowers the peak', async () => {
    await json('filter', 'blob.mrc', '--high_pass', '20', '-o', 'high.mrc');
    expect(Math.abs((await map('high.mrc')).statistics.mean)).toBeLessThan(1e-4);
    await json('sharpen-global', 'blob.mrc', '--bfactor', '-200', '-o', 'blurred.mrc');
    await json('sharpen-global', 'blurred.mrc', '--bfactor', '200', '-o', 'back.mrc');
    const [blurred, back, blobMap] = [await map('blurred.mrc'), await map('back.mrc'), await map('blob.mrc')];
    expect(blurred.statistics.sd).toBeLessThan(0.99 * blobMap.statistics.sd);
    back.voxels.forEach((value, i) => expect(Math.abs(value - (blobMap.voxels[i] ?? NaN))).toBeLessThan(1e-3));
  });

  it('resamples over the same box, from the same first voxel', async () => {
    const found = await json('resample', 'blob.mrc', '--voxel_size', '1', '-o', 'fine.mrc');
    expect(found['grid']).toMatchObject({ shape: [48, 48, 48], voxelSize: [1, 1, 1], origin: [12, -3, 7.5] });
    expect((await map('fine.mrc')).grid).toMatchObject({ shape: [48, 48, 48], origin: [12, -3, 7.5] });
    await json('resample', 'fine.mrc', '--sections', '32', '-o', 'coarse.mrc');
    const [coarse, blobMap] = [await map('coarse.mrc'), await map('blob.mrc')];
    expect(coarse.grid.voxelSize[0]).toBeCloseTo(1.5, 6);
    // All but the Nyquist frequencies come back: the two differ by little beside the ball.
    const squares = coarse.voxels.reduce((sum, value, i) => sum + (value - (blobMap.voxels[i] ?? NaN)) ** 2, 0);
    expect(Math.sqrt(squares / 32 ** 3)).toBeLessThan(0.2 * blobMap.statistics.sd);
  });

  it('prints a profile with its B-factor, and the moments of a map', async () => {
    const found = await json('profile', 'blob.mrc', '--lowest', '20');
    expect(found).toMatchObject({ shells: 'full', fit: [20, 3] });
    expect(found['amplitude']).toHaveLength(16);
    const moments = await json('statistics', 'blob.mrc');
    const { voxels, statistics } = await map('blob.mrc');
    expect(moments['mean']).toBeCloseTo(statistics.mean, 9);
    expect(moments['sd']).toBeCloseTo(statistics.sd, 9);
    const fourth = voxels.reduce((sum, value) => sum + (value - statistics.mean) ** 4, 0) / voxels.length;
    expect(moments['kurtosis']).toBeCloseTo(fourth / statistics.sd ** 4 - 3, 6);
  });

  it('measures the surface of the ball, and its likeness to the other map, when mask and reference are given', async () => {
    const args = ['blob.mrc', '-ma', 'mask.mrc', '-mm', 'other.mrc', '-res', '4', '--seed', '3'];
    const found = await json('statistics', ...args);
    expect(found).toMatchObject({ reference: workplace.path('other.mrc'), local: { edge: 32, seed: 3 } });
    expect(found).toMatchObject({ mask: workplace.path('mask.mrc'), wholeMap: { voxels: 32 ** 3 } });
    const { contour, similarity } = found as Record<string, Record<string, number>>;
    expect(contour?.['area']).toBeGreaterThan(0);
    expect(similarity?.['correlation']).toBeGreaterThan(0.8);
    const again = await json('statistics', ...args);
    expect({ ...again, seconds: 0 }).toEqual({ ...found, seconds: 0 });
    const { out } = await run('statistics', ...args);
    expect(out).toMatch(/surface area +[\d.]+ Å²\nregions +\d+/);
    expect(out).toMatch(/correlation \(RSCC\) +0\.\d+, in the mask/);
    // Without the inputs that they need there are no such numbers.
    expect(await json('statistics', 'blob.mrc')).toMatchObject({ contour: null, debye: null, similarity: null });
  });

  it.each([
    ['filter blob.mrc -o x.mrc', /One kind of filter/],
    ['filter blob.mrc -o x.mrc --low_pass 30 --high_pass 8', /nothing would pass/],
    ['filter blob.mrc -o x.mrc --fsc', /two half maps/],
    ['filter blob.mrc --low_pass 8', /-o is missing/],
    ['sharpen-global blob.mrc -o x.mrc', /--bfactor is missing/],
    ['sharpen-global blob.mrc -o x.mrc --bfactor much', /much/],
    ['resample blob.mrc -o x.mrc', /--voxel_size or --sections/],
    ['resample blob.mrc -o x.mrc --voxel_size 1 --compat relion', /relion.*locscale-2\.3/],
    ['profile blob.mrc --lowest 2', /--lowest/],
    ['statistics', /No map/],
    ['fsc blob.mrc', /1 map is given/],
    ['mask -hm blob.mrc -o x.mrc', /takes two/],
    ['mask -fdr_x 3 blob.mrc', /Unknown option -fdr_x/],
  ])('%s: one sentence and exit code 2', async (line, sentence) => {
    const { code, out, error } = await run(...line.split(' '));
    expect({ code, out }, error).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^locscale: [^\n]*[^.][.?]\n$/);
    expect(error).toMatch(sentence);
    expect(existsSync(workplace.path('x.mrc'))).toBe(false);
  });

  it.each([
    ['filter blob.mrc -o blob.mrc --low_pass 8', 4, /blob\.mrc/],
    ['filter blob.mrc -o other.mrc --profile_of other.mrc', 4, /other\.mrc/],
    ['mask blob.mrc -o m2.mrc --confidence m2.mrc', 4, /two outputs/],
    ['mask blob.mrc -o m2.mrc --picture blob.mrc', 4, /blob\.mrc/],
    ['filter blob.mrc -o nofolder/x.mrc --low_pass 8', 4, /nofolder/],
    ['fsc blob.mrc small.mrc', 3, /24/],
    ['statistics nowhere.mrc', 3, /nowhere/],
  ])('%s: exit code %i and the input as it was', async (line, expected, sentence) => {
    const stamp = statSync(workplace.path('blob.mrc')).mtimeMs;
    const { code, out, error } = await run(...line.split(' '));
    expect({ code, out }, error).toEqual({ code: expected, out: '' });
    expect(error).toMatch(sentence);
    expect(statSync(workplace.path('blob.mrc')).mtimeMs).toBe(stamp);
  });
});

const data = fileURLToPath(new URL('../../../shared/', import.meta.url));
const maps = `${data}data/maps/`;

describe.skipIf(!existsSync(maps))('half maps of known FSC (needs ../shared/data/maps)', () => {
  it.each([
    ['01_emd32143_gpcr_gs', 3.59, 3.87],
    ['04_channel_in_micelle_3A_px', 6.94, 7.48],
  ])('%s crosses 0.143 and 0.5 where it should, within 2.5 %%', async (set, at143, at500) => {
    const halves = [`${maps}${set}/derived_half1.mrc.gz`, `${maps}${set}/derived_half2.mrc.gz`];
    const { resolution } = (await json('fsc', '-hm', ...halves)) as { resolution: Record<string, number> };
    expect(Math.abs((resolution['0.143'] ?? NaN) / at143 - 1)).toBeLessThan(0.025);
    expect(Math.abs((resolution['0.5'] ?? NaN) / at500 - 1)).toBeLessThan(0.025);
  });
});

const golden = `${data}golden/cube96-6wqa/`;

describe.skipIf(!existsSync(golden))('against LocScale 2.3.1 (needs ../shared/golden)', () => {
  const halves = ['-hm', `${golden}half1.mrc.gz`, `${golden}half2.mrc.gz`];
  const manifest = (): { readonly numbers: Record<string, number>; readonly fsc: { resolution_0p143: number } } =>
    JSON.parse(readFileSync(`${golden}manifest.json`, 'utf8')) as ReturnType<typeof manifest>;
  const reference = (name: string): ReturnType<typeof readVolume> => readVolume(`${golden}${name}.mrc.gz`);

  it.each([
    ['fdr_mask_nofilter', []],
    ['fdr_mask_filter5', ['-fdr_f', '5']],
  ])('%s comes out voxel for voxel', async (name, options) => {
    await json('mask', ...halves, ...options, '-o', 'golden.mrc');
    expect((await map('golden.mrc')).voxels).toEqual((await reference(name)).voxels);
  });

  it('its resolution with its rule', async () => {
    const found = await json('fsc', ...halves, '--compat', 'locscale-2.3');
    expect(found['resolution']).toMatchObject({ '0.143': manifest().fsc.resolution_0p143 });
  });

  it('its FSC weights, sharpening and resampling with --compat', async () => {
    const compat = ['--compat', 'locscale-2.3', '-o', 'golden.mrc'];
    const compare = async (name: string, from = 0, to?: number): Promise<void> => {
      const expected = await reference(name);
      const seen = (await map('golden.mrc')).voxels.subarray(from, to);
      expect(seen).toHaveLength(expected.voxels.length);
      const worst = seen.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected.voxels[i] ?? NaN))), 0);
      expect(worst / expected.statistics.sd).toBeLessThan(1e-6);
    };
    await json('filter', ...halves, '--fsc', ...compat);
    await compare('fsc_filtered_zslab', 46 * 96 ** 2, 50 * 96 ** 2);
    const crop = `${golden}crop_em.mrc.gz`;
    // LocScale read 1.2 Å where the cell's float32 words give 1.19999997.
    await json('sharpen-global', crop, '--bfactor', '50', '-p', '1.2', ...compat);
    await compare('crop_sharpened_b50');
    await json('resample', crop, '--order', '1', '--voxel_size', '1', ...compat);
    await compare('crop_resampled_to_1A');
    await json('resample', 'golden.mrc', '--order', '1', '--sections', '48', '--compat', 'locscale-2.3', '-o', 'b.mrc');
    expect((await map('b.mrc')).voxels.filter((value) => value === 0)).toHaveLength(48 ** 3 - 47 ** 3);
  });

  it('its skewness and kurtosis', async () => {
    await json('filter', ...halves, '--low_pass', '0.5', '-o', 'mean.mrc'); // finer than the corners: nothing changes
    const full = await json('statistics', 'mean.mrc');
    expect(full['kurtosis']).toBeCloseTo(manifest().numbers['kurtosis_full'] ?? NaN, 4);
    expect(full['skewness']).toBeCloseTo(manifest().numbers['skew_full'] ?? NaN, 4);
    const masked = await json('statistics', 'mean.mrc', '-ma', `${golden}mask.mrc.gz`);
    expect(masked['kurtosis']).toBeCloseTo(manifest().numbers['kurtosis_full_masked'] ?? NaN, 4);
  });
});
