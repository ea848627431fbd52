import { describe, expect, it } from 'vitest';
import { combineHalfMaps, statistics } from '@locscale/native';
import { goldenManifest, goldenMap, goldenMissing, goldenReason, largestDifference, randomMap } from './helpers.js';

describe('statistics', () => {
  it('counts and measures a small array', async () => {
    expect(await statistics(Float32Array.of(0, 3, -1, 0, 2, 2))).toEqual({
      min: -1,
      max: 3,
      mean: 1,
      sd: Math.sqrt(2),
      zeros: 2,
      nonFinite: 0,
      firstNonFinite: null,
    });
  });

  it('keeps its precision on a large offset, where float32 sums would lose it', async () => {
    const map = Float32Array.from({ length: 1_000_003 }, (_, i) => 1e6 + (i % 2));
    const { mean, sd } = await statistics(map);
    expect(mean).toBeCloseTo(1e6 + 500_001 / 1_000_003, 7);
    expect(sd).toBeCloseTo(0.5, 9);
  });

  it('leaves NaN and infinities out, counts them, and says where the first one is', async () => {
    const map = randomMap(300_000, 5);
    map[200_001] = Infinity;
    map[200_000] = NaN;
    const report = await statistics(map, { threads: 4 });
    expect(report).toMatchObject({ nonFinite: 2, firstNonFinite: 200_000 });
    expect(report.max).toBeLessThanOrEqual(1);
    expect(Number.isFinite(report.mean + report.sd)).toBe(true);
  });

  it('reads parts of a buffer, and shared memory', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(40));
    shared.set(Array.from(shared.keys()));
    expect(await statistics(shared.subarray(2, 5))).toMatchObject({ min: 2, max: 4, mean: 3 });
  });

  it('survives arrays without a finite voxel and without any voxel', async () => {
    const nothing = { min: 0, max: 0, mean: 0, sd: 0, zeros: 0 };
    expect(await statistics(Float32Array.of(NaN, -Infinity))).toEqual({ ...nothing, nonFinite: 2, firstNonFinite: 0 });
    expect(await statistics(new Float32Array(0))).toEqual({ ...nothing, nonFinite: 0, firstNonFinite: null });
  });

  it('gives the same bits for any number of threads', async () => {
    const map = randomMap(1_000_000, 6);
    expect(await statistics(map, { threads: 3 })).toEqual(await statistics(map, { threads: 1 }));
  });

  it.skipIf(goldenMissing)(`gives NumPy's numbers for the golden maps (${goldenReason})`, async () => {
    const { files } = goldenManifest();
    for (const name of ['half1.mrc.gz', 'model_map.mrc.gz', 'locscale_atomic.mrc.gz']) {
      const expected = files[name];
      if (expected === undefined) throw new Error(`${name} is not in the manifest`);
      const map = goldenMap(name);
      const seen = await statistics(map);
      expect([seen.min, seen.max], name).toEqual([expected.min, expected.max]);
      expect(map.length - seen.zeros, name).toBe(expected.nonzero);
      expect(seen.mean / expected.mean, name).toBeCloseTo(1, 10);
      expect(seen.sd / expected.std, name).toBeCloseTo(1, 10);
    }
  });
});

describe('combineHalfMaps', () => {
  it('is the mean in float32', async () => {
    const half1 = randomMap(600_001, 1);
    const half2 = randomMap(600_001, 2);
    const expected = half1.map((value, i) => Math.fround(value + (half2[i] ?? NaN)) / 2);
    expect(largestDifference(await combineHalfMaps(half1, half2, { threads: 2 }), expected)).toBe(0);
  });

  it('refuses half maps of different lengths', async () => {
    await expect(combineHalfMaps(new Float32Array(8), new Float32Array(9))).rejects.toMatchObject({
      kind: 'input.parameter',
    });
  });

  it.skipIf(goldenMissing)(`equals LocScale's full map (${goldenReason})`, async () => {
    const full = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const slab = goldenMap('fullmap_zslab.mrc.gz'); // four sections from z = 46
    expect(slab).toHaveLength(4 * 96 * 96);
    expect(largestDifference(full.subarray(46 * 96 * 96, 50 * 96 * 96), slab)).toBe(0);
  });
});
