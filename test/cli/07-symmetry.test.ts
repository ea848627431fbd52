import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { parsePointGroup } from '../../daemon/src/engine/symmetry/point-group.js';
import { turned, type Vector } from '../../daemon/src/engine/symmetry/rotations.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';
import { randomNumbers } from '../native/helpers.js';
import { cube, noise, Workplace } from './locscale.js';

let workplace: Workplace;
const n = 48;
const middle = n / 2;
/** Standard deviation of a blob in voxels: wide enough that the spline through its voxels is right to 1e-3 (error ~ sigma^-4). */
const sigma = 2.4;

/** Blobs of one asymmetric unit: position about the centre (x, y, z) in voxels, and height. About 40 blobs in the whole. */
function unitOf(order: number): readonly (readonly [Vector, number])[] {
  const random = randomNumbers(7);
  return Array.from({ length: Math.max(2, Math.round(40 / order)) }, () => {
    const along = [random() - 0.5, random() - 0.5, random() - 0.5] as const;
    const scale = (5 + 10 * random()) / Math.hypot(...along);
    return [[along[0] * scale, along[1] * scale, along[2] * scale], 0.5 + random()];
  });
}

/** Blobs on all positions that the group makes of one unit, each weighted by `weight(operator, blob)`. */
function blobs(group: string, weight: (operator: number) => number): Float32Array {
  const map = new Float32Array(n ** 3);
  const { rotations } = parsePointGroup(group);
  for (const [o, rotation] of rotations.entries()) {
    for (const [position, height] of unitOf(rotations.length)) {
      const [px, py, pz] = turned(rotation, position);
      for (let z = 0, i = 0; z < n; z++)
        for (let y = 0; y < n; y++)
          for (let x = 0; x < n; x++, i++) {
            const r2 = (x - middle - px) ** 2 + (y - middle - py) ** 2 + (z - middle - pz) ** 2;
            if (r2 < 200) map[i] = (map[i] as number) + weight(o) * height * Math.exp(-r2 / (2 * sigma * sigma));
          }
    }
  }
  return map;
}

const write = (name: string, voxels: Float32Array): Promise<void> =>
  writeVolume(workplace.path(name), { grid: cube(n, 4), voxels });
const read = async (name: string): Promise<Float32Array> => (await readVolume(workplace.path(name))).voxels;
const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
/** Independent noise of the given standard deviation, of nearly normal distribution. */
const noisy = (map: Float32Array, sd: number): Float32Array => {
  const [a, b, c] = [noise(11), noise(12), noise(13)];
  return map.map((value, i) => value + sd * (a(i) + b(i) + c(i)));
};

beforeAll(async () => {
  workplace = await Workplace.create();
});
afterAll(() => workplace.close());

describe('locscale symmetrise', () => {
  it.each(['C3', 'D5', 'T', 'O', 'I1'])('gives each copy of %s the mean of all copies', async (group) => {
    const order = parsePointGroup(group).rotations.length;
    // Copies of unequal height, so that the average differs from its input; every second one is 10 % higher.
    await write(
      'unequal.mrc',
      blobs(group, (o) => 1 + 0.1 * (o % 2)),
    );
    const { code, error } = await workplace.run('symmetrise', 'unequal.mrc', '-sym', group, '-o', 'equal.mrc');
    expect(code, error).toBe(0);
    const mean = 1 + (0.1 * Math.floor(order / 2)) / order;
    const truth = blobs(group, () => mean);
    const equal = await read('equal.mrc');
    expect(largest(equal, truth)).toBeLessThan(1e-3 * Math.max(...truth));
    await workplace.run('symmetrise', 'equal.mrc', '-sym', group, '-o', 'again.mrc');
    expect(largest(await read('again.mrc'), equal)).toBeLessThan(1e-3 * Math.max(...truth));
  });

  it('keeps header and labels of the input and says what was done', async () => {
    const voxels = blobs('C4', () => 1);
    const grid = { ...cube(n, 4), origin: [30, -6, 12] as [number, number, number] };
    await writeVolume(workplace.path('shifted.mrc'), { grid, voxels, labels: ['the first label'] });
    const { code, out } = await workplace.run('symmetrise', 'shifted.mrc', '-sym', 'c4', '-o', 'c4.mrc', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      symmetry: 'C4',
      operators: 4,
      holds: true,
      centre: [24, 24, 24],
    });
    const { header, grid: found } = await readVolume(workplace.path('c4.mrc'));
    expect(found).toEqual(grid);
    expect(header.labels[0]).toBe('the first label');
    expect(header.labels[1]).toMatch(/symmetrised, C4$/);
  });

  it.each([
    ['a wrong group', ['-sym', 'C5'], 3, /does not have the symmetry C5 .* by -?0\.\d\d at worst .* at least 0\.30/],
    ['a wrong axis', ['-sym', 'D4', '--two-fold', '0'], 3, /D4/],
    ['a wrong centre', ['-sym', 'C4', '--centre', '24,20,28'], 3, /C4 about voxel \(24,20,28\)/],
    ['an unknown group', ['-sym', 'Q4'], 2, /"Q4" is not known; expected C1 to C99/],
    ['a centre outside the box', ['-sym', 'C4', '--centre', '24,24,50'], 2, /24, 24, 50.*48/],
    ['a centre of two numbers', ['-sym', 'C4', '--centre', '24,24'], 2, /24,24 .*z,y,x/],
    ['a helix without rise', ['--helical', '30'], 2, /30 .*twist,rise/],
    ['neither group nor helix', [], 2, /-sym/],
  ])('refuses %s and writes nothing', async (_, options, expected, sentence) => {
    await write(
      'c4.map.mrc',
      blobs('C4', () => 1),
    );
    const { code, error } = await workplace.run('symmetrise', 'c4.map.mrc', ...options, '-o', 'never.mrc');
    expect(error).toMatch(sentence);
    expect(code).toBe(expected);
    expect(existsSync(workplace.path('never.mrc'))).toBe(false);
  });

  it('does what it is told with --force, with a warning', async () => {
    await write(
      'c4.map.mrc',
      blobs('C4', () => 1),
    );
    const { code, error } = await workplace.run('symmetrise', 'c4.map.mrc', '-sym', 'C5', '-o', 'c5.mrc', '--force');
    expect(code, error).toBe(0);
    expect(error).toMatch(/Warning: Forced: .*does not have the symmetry C5/);
    expect(existsSync(workplace.path('c5.mrc'))).toBe(true);
  });

  it('refuses a box whose unequal axes the operators mix, naming them', async () => {
    const grid = { ...cube(n, 4), shape: [n, n - 2, n] as [number, number, number] };
    await writeVolume(workplace.path('box.mrc'), { grid, voxels: blobs('C4', () => 1).subarray(0, n * (n - 2) * n) });
    const { code, error } = await workplace.run('symmetrise', 'box.mrc', '-sym', 'C4', '-o', 'never.mrc');
    expect(error).toMatch(/x \(48 voxels\) and y \(46 voxels\)/);
    expect(code).toBe(2);
  });
});

describe('locscale symmetry-check', () => {
  const check = async (
    name: string,
  ): Promise<{ suggestion: string; centre: readonly number[]; twoFold: number | null }> => {
    const { code, out, error } = await workplace.run('symmetry-check', name, '--json');
    expect(code, error).toBe(0);
    return JSON.parse(out) as { suggestion: string; centre: readonly number[]; twoFold: number | null };
  };

  it.each(['C3', 'D5', 'T', 'O', 'I1'])('finds %s', async (group) => {
    await write(
      'map.mrc',
      blobs(group, () => 1),
    );
    expect((await check('map.mrc')).suggestion).toBe(group);
  });

  it('finds no symmetry where there is none', async () => {
    await write(
      'map.mrc',
      blobs('D5', (o) => (o === 0 ? 1 : 0)),
    );
    expect((await check('map.mrc')).suggestion).toBe('C1');
  });

  it('finds it under noise half as high as the density', async () => {
    const map = blobs('C3', () => 1);
    const dense = map.filter((value) => value > 0.1);
    const rms = Math.sqrt(dense.reduce((sum, value) => sum + value * value, 0) / dense.length);
    await write('map.mrc', noisy(map, 0.5 * rms));
    expect((await check('map.mrc')).suggestion).toBe('C3');
  });

  it.skipIf(!hasMaps).each([
    ['05_emd1997_groel_7A/emd_1997.map.gz', /^D7 /, 15.8],
    ['04_channel_in_micelle_3A_px/c4_channel_micelle.mrc.gz', /^C4$/, null],
    ['08_betagal_with_local_resolution/betagal.mrc.gz', /^D2$/, 0],
    ['07_emd3240_gamma_secretase_4.3A/emd_3240_box.ccp4.gz', /^C1$/, null],
  ])('finds the symmetry of %s (needs ../shared/data/maps)', { timeout: 120_000 }, async (name, group, twoFold) => {
    const found = await check(join(mapsFolder, name));
    expect(found.suggestion).toMatch(group);
    if (twoFold === null) expect(found.twoFold).toBeNull();
    else expect(found.twoFold).toBeCloseTo(twoFold, 0);
  });

  it.skipIf(!hasMaps)(
    'holds a real helix against its twist, and its mirror not (needs ../shared/data/maps)',
    async () => {
      const actin = join(mapsFolder, '03_emd5168_factin_6.6A/emd_5168.map.gz');
      const left = await workplace.run('symmetrise', actin, '--helical', '-166.6,27.6', '-o', 'helix.mrc', '--json');
      expect(JSON.parse(left.out)).toMatchObject({ ok: true, holds: true, operators: 13 });
      const right = await workplace.run('symmetrise', actin, '--helical', '166.6,27.6', '-o', 'mirror.mrc');
      expect(right.code).toBe(3);
    },
  );
});
