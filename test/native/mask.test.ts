import { describe, expect, it } from 'vitest';
import { combineHalfMaps, confidenceMask, type NoiseBoxes, type Shape } from '@locscale/native';
import { goldenVoxelSize } from './golden-crops.js';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomNumbers,
} from './helpers.js';

/** LocScale's four boxes in a cube of 96 voxels with its window of 10 (scaling.md 6.1, no. 3). */
const goldenNoise: NoiseBoxes = {
  edge: 10,
  corners: [
    [43, 1, 43],
    [43, 84, 43],
    [43, 43, 1],
    [43, 43, 84],
  ],
};

describe.skipIf(goldenMissing)(`confidence mask against LocScale 2.3.1 (${goldenReason})`, () => {
  it.each([
    ['without a filter', 'nofilter', 0],
    ['with a filter at 5 Å', 'filter5', goldenVoxelSize / 5],
  ] as const)('%s: map within 1e-6, mask voxel for voxel', async (_, name, lowPass) => {
    const map = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const result = await confidenceMask({ map, shape: goldenShape, noise: goldenNoise, lowPass, rate: 0.01 });
    const expected = goldenManifest().fdr[name];
    const confidence = goldenMap(`fdr_confidence_raw_${name}.mrc.gz`);
    expect(largestDifference(result.confidence, confidence)).toBeLessThan(1e-6);
    expect(largestDifference(result.mask, goldenMap(`fdr_mask_${name}.mrc.gz`))).toBe(0);
    expect(result.ballVoxels).toBe(expected.voxels_in_ball);
    expect(result.maskedVoxels).toBe(expected.voxels_ge_0p99);
    // Without the filter LocScale works in float32, so its numbers come back to the last bit.
    const digits = lowPass === 0 ? 15 : 11;
    expect(result.noiseMean).toBeCloseTo(expected.noise_mean, digits);
    expect(result.noiseVariance).toBeCloseTo(expected.noise_var, digits);
    expect(expected.map_threshold_printed[0]).toContain(result.mapThreshold?.toFixed(3));
  });

  it('a rate of 0.5 gives the voxels of confidence 0.5 and more', async () => {
    const map = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const { maskedVoxels } = await confidenceMask({ map, shape: goldenShape, noise: goldenNoise, rate: 0.5 });
    expect(maskedVoxels).toBe(goldenManifest().fdr.nofilter.voxels_ge_0p5);
  });
});

/** Standard normal noise (Box–Muller) with a brick of signal in the middle. */
function brick(shape: Shape, height: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  const [nz, ny, nx] = shape;
  return Float32Array.from({ length: nz * ny * nx }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const at = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    const inside = at.every((k, axis) => Math.abs(k - (shape[axis] ?? 0) / 2) < (shape[axis] ?? 0) / 6);
    return normal + (inside ? height : 0);
  });
}

/** Complementary error function by its continued fraction and series: another road than the C library's. */
function upperTail(t: number): number {
  if (t < 0) return 1;
  const x = t / Math.SQRT2;
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; k < 200; k++) {
      term *= -(x * x) / k;
      sum += term / (2 * k + 1);
    }
    return 0.5 * (1 - (2 / Math.sqrt(Math.PI)) * sum);
  }
  let fraction = 0;
  for (let k = 80; k > 0; k--) fraction = (k * 0.5) / (x + fraction);
  return (0.5 * Math.exp(-x * x)) / (Math.sqrt(Math.PI) * (x + fraction));
}

describe('confidence mask', () => {
  const shape: Shape = [20, 33, 26];
  const noise: NoiseBoxes = { edge: 6, corners: [[7, 1, 10]] };
  const map = brick(shape, 6, 7);

  it('is Benjamini and Yekutieli’s procedure, ranked in full, on a box of three sizes', async () => {
    const result = await confidenceMask({ map, shape, noise, rate: 0.01 });
    const [mean, inverseSd] = [result.noiseMean, Math.fround(1 / Math.sqrt(result.noiseVariance))];
    const axis = (i: number, n: number): number => -Math.floor(n / 2) + (i * n) / (n - 1);
    const inBall: { readonly index: number; readonly p: number }[] = [];
    map.forEach((value, index) => {
      const [z, y, x] = [Math.floor(index / (33 * 26)), Math.floor(index / 26) % 33, index % 26];
      if (Math.hypot(axis(z, 20), axis(y, 33), axis(x, 26)) > 16) return;
      inBall.push({ index, p: upperTail(Math.fround(Math.fround(value - mean) * inverseSd)) });
    });
    const n = inBall.length;
    expect(result.ballVoxels).toBe(n);
    const harmonic = Math.log(n) + 0.5772 + 1 / (2 * n) - 1 / (12 * n ** 2) + 1 / (120 * n ** 4);
    const expected = new Float64Array(map.length);
    let lowest = 1;
    inBall
      .sort((a, b) => b.p - a.p)
      .forEach(({ index, p }, i) => {
        lowest = Math.min(lowest, (p * n * harmonic) / (n - i));
        expected[index] = 1 - lowest;
      });
    expect(largestDifference(result.confidence, expected)).toBeLessThan(1e-6);
    expect(result.maskedVoxels).toBe(expected.filter((value) => value >= 0.99).length);
    expect(result.maskedVoxels).toBeGreaterThan(200);
  });

  it('does not depend on the number of threads', async () => {
    const [one, three] = await Promise.all(
      [1, 3].map((threads) => confidenceMask({ map, shape, noise, rate: 0.01, lowPass: 0.3 }, { threads })),
    );
    expect(one).toEqual(three);
  });

  it('holds no voxel of pure noise, and says so without failing', async () => {
    const result = await confidenceMask({ map: brick(shape, 0, 8), shape, noise, rate: 0.0001 });
    expect(result).toMatchObject({ maskedVoxels: 0, mapThreshold: null });
  });

  it('refuses noise boxes without noise, and ones that leave the map', async () => {
    const masked = map.map((value, i) => (Math.floor(i / 26) % 33 < 8 ? 0 : value));
    await expect(confidenceMask({ map: masked, shape, noise, rate: 0.01 })).rejects.toMatchObject({
      kind: 'input.voxels',
      message: expect.stringMatching(/noise boxes hold nothing but the value 0/) as string,
    });
    await expect(
      confidenceMask({ map, shape, noise: { edge: 6, corners: [[15, 0, 0]] }, rate: 0.01 }),
    ).rejects.toMatchObject({ kind: 'input.parameter' });
  });
});
