import { describe, expect, it } from 'vitest';
import { fourierResample, splineResample, type Shape, type SplineGrid } from '@locscale/native';
import { crop, cropShape, relativeDifference } from './golden-crops.js';
import { goldenMissing, goldenReason, largestDifference, randomMap } from './helpers.js';

/** The grid of LocScale's resampling: corners on corners, 0 where rounding leaves the map. */
const cornerAligned = (from: number, to: number): SplineGrid => {
  const step = (from - 1) / (to - 1);
  return { shape: [to, to, to], step: [step, step, step], outside: 'zero' };
};

describe.skipIf(goldenMissing)(`resampling against LocScale 2.3.1 (${goldenReason})`, () => {
  it('linear, 1.2 to 1 Å', async () => {
    const resampled = await splineResample(crop('em'), cropShape, 1, cornerAligned(48, 58));
    expect(relativeDifference(resampled, crop('resampled_to_1A'))).toBeLessThan(1e-6);
  });

  it('linear and back, with the zero planes', async () => {
    const resampled = await splineResample(crop('resampled_to_1A'), [58, 58, 58], 1, cornerAligned(58, 48));
    expect(relativeDifference(resampled, crop('resampled_back'))).toBeLessThan(1e-6);
    expect(resampled.filter((value) => value === 0)).toHaveLength(48 ** 3 - 47 ** 3);
  });

  it('quadratic, 1.2 to 1 Å', async () => {
    const resampled = await splineResample(crop('em'), cropShape, 2, cornerAligned(48, 58));
    expect(relativeDifference(resampled, crop('resampled_order2'))).toBeLessThan(1e-6);
  });

  it('by cutting the spectrum, 48 to 36 voxels, but for LocScale’s scale', async () => {
    const resampled = await fourierResample(crop('em'), cropShape, [36, 36, 36]);
    const scaled = resampled.map((value) => value * (48 / 36) ** 3);
    expect(relativeDifference(scaled, crop('fourier_resampled_36'))).toBeLessThan(1e-6);
  });
});

/** A sum of few waves, periodic in the box: what both grids hold exactly. */
function waves([nz, ny, nx]: Shape): Float32Array {
  return Float32Array.from({ length: nz * ny * nx }, (_, i) => {
    const [z, y, x] = [Math.floor(i / (ny * nx)) / nz, (Math.floor(i / nx) % ny) / ny, (i % nx) / nx];
    const turn = 2 * Math.PI;
    return 0.5 + Math.cos(turn * (2 * z - y)) + Math.sin(turn * (3 * x + y)) - 0.3 * Math.cos(turn * (z + 2 * y - x));
  });
}

describe('Fourier resampling', () => {
  it.each<[Shape, Shape]>([
    [
      [10, 12, 14],
      [15, 9, 21],
    ],
    [
      [9, 11, 13],
      [12, 16, 10],
    ],
    [
      [8, 8, 9],
      [8, 8, 9],
    ],
  ])('keeps values and places of a map without detail from %j to %j', async (from, to) => {
    expect(largestDifference(await fourierResample(waves(from), from, to), waves(to))).toBeLessThan(2e-6);
  });

  it('gives a map of odd edges back after a larger grid', async () => {
    // Odd, because LocScale's rule halves what lies at the Nyquist frequency of an even edge.
    const shape: Shape = [7, 9, 11];
    const map = randomMap(693, 11);
    const larger = await fourierResample(map, shape, [13, 12, 16]);
    const back = await fourierResample(larger, [13, 12, 16], shape);
    expect(largestDifference(back, map)).toBeLessThan(2e-6);
  });
});

describe('spline resampling', () => {
  const grid = (step: number, shape: Shape, outside: SplineGrid['outside']): SplineGrid => ({
    shape,
    step: [step, step, step],
    outside,
  });

  it.each([1, 2] as const)('of order %i goes through the voxels', async (order) => {
    const shape: Shape = [5, 6, 7];
    const map = randomMap(210, 12);
    expect(largestDifference(await splineResample(map, shape, order, grid(1, shape, 'edge')), map)).toBeLessThan(1e-6);
  });

  it('is exact for a straight slope, and stops at the edge or at 0', async () => {
    const map = Float32Array.from({ length: 27 }, (_, i) => (i % 3) + 10);
    const target: Shape = [1, 1, 5];
    const edge = await splineResample(map, [3, 3, 3], 1, grid(0.75, target, 'edge'));
    expect(Array.from(edge)).toEqual([10, 10.75, 11.5, 12, 12]);
    const zero = await splineResample(map, [3, 3, 3], 1, grid(0.75, target, 'zero'));
    expect(Array.from(zero)).toEqual([10, 10.75, 11.5, 0, 0]);
  });

  it('of order 2 follows a smooth map closer than order 1', async () => {
    const [from, to]: [Shape, Shape] = [
      [24, 24, 24],
      [44, 44, 44],
    ];
    const step = 0.5;
    const truth = Float32Array.from({ length: 44 ** 3 }, (_, i) => Math.sin((i % 44) * step * 0.6));
    const map = Float32Array.from({ length: 24 ** 3 }, (_, i) => Math.sin((i % 24) * 0.6));
    const [linear, quadratic] = [
      await splineResample(map, from, 1, grid(step, to, 'edge')),
      await splineResample(map, from, 2, grid(step, to, 'edge')),
    ];
    const inner = (values: Float32Array): Float32Array => values.filter((_, i) => i % 44 > 5 && i % 44 < 38);
    const errors = [linear, quadratic].map((values) => largestDifference(inner(values), inner(truth)));
    expect(errors[0]).toBeGreaterThan(0.02);
    expect(errors[1]).toBeLessThan(0.004);
  });
});
