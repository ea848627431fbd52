import { describe, expect, it } from 'vitest';
import {
  applyRadialGain,
  fourierShellCorrelation,
  localFilter,
  radialProfile,
  smoothByBSpline,
  type Shape,
  whitenHalfMaps,
} from '@locscale/native';
import { largestDifference, randomMap } from './helpers.js';
import { blobMap } from './scaling-cases.js';

const shape: Shape = [40, 37, 44];
const count = 40 * 37 * 44;
const map = blobMap(shape, 3, 1.2, 0.2);

describe('low-pass at the local resolution', () => {
  const tanh = (resolution: number): Promise<Float32Array> =>
    applyRadialGain(map, shape, { kind: 'tanh', lowPass: 1.5 / resolution });

  it('is the tanh filter where the resolution is the same everywhere', async () => {
    const filtered = await localFilter(map, shape, new Float32Array(count).fill(6), 1.5);
    expect(largestDifference(filtered, await tanh(6))).toBeLessThan(2e-6);
  });

  it('is the tanh filter of its own resolution in every part, and of the lowest where there is none', async () => {
    const resolutions = [4, 12, 0, 7.3];
    const local = Float32Array.from({ length: count }, (_, i) => resolutions[i % 4] ?? NaN);
    const filtered = await localFilter(map, shape, local, 1.5);
    const [at4, at12, at7] = [await tanh(4), await tanh(12), await tanh(7.3)];
    const largest = Math.max(...map);
    const from = (whole: Float32Array, part: number): number =>
      largestDifference(
        filtered.filter((_, i) => i % 4 === part),
        whole.filter((_, i) => i % 4 === part),
      ) / largest;
    // The two ends of the bank are cut-offs of their own; what lies between is interpolated.
    expect(from(at4, 0)).toBeLessThan(1e-5);
    expect(from(at12, 1)).toBeLessThan(1e-5);
    expect(from(at12, 2)).toBeLessThan(1e-5);
    expect(from(at7, 3)).toBeLessThan(0.01);
    expect(from(at4, 3)).toBeGreaterThan(0.05);
  });

  it('cuts off at Nyquist what claims to be finer', async () => {
    const filtered = await localFilter(map, shape, new Float32Array(count).fill(0.4), 1.5);
    expect(largestDifference(filtered, await tanh(3))).toBeLessThan(5e-6);
  });

  it.each([
    ['NaN', NaN, /holds nan/],
    ['values below 0', -3, /holds -3, but every voxel must be a resolution/],
    ['zeros only', 0, /0 everywhere/],
  ])('refuses %s', async (_, value, message) => {
    const refused = localFilter(map, shape, new Float32Array(count).fill(value), 1.5);
    await expect(refused).rejects.toMatchObject({ kind: 'input.voxels' });
    await expect(refused).rejects.toThrow(message);
  });
});

describe('whitened half maps', () => {
  const half = (seed: number): Float32Array => {
    const noise = randomMap(count, seed);
    return map.map((value, i) => value + 0.1 * (noise[i] ?? NaN));
  };
  const [half1, half2] = [half(1), half(2)];

  it('have a flat spectrum and the FSC that they had', async () => {
    const { half1: white1, half2: white2, fsc } = await whitenHalfMaps(half1, half2, shape);
    const before = await fourierShellCorrelation(half1, half2, shape);
    const after = await fourierShellCorrelation(white1, white2, shape);
    expect(largestDifference(after, before)).toBeLessThan(1e-4);
    expect(largestDifference(fsc, before)).toBeLessThan(1e-6);
    const profile = (await radialProfile(white1, shape)).subarray(2);
    expect(Math.max(...profile) / Math.min(...profile)).toBeLessThan(1.3);
    const own = (await radialProfile(half1, shape)).subarray(2);
    expect(Math.max(...own) / Math.min(...own)).toBeGreaterThan(5);
  });

  it('stay exactly 0 where they were', async () => {
    const cut = half1.map((value, i) => (i % 44 < 20 ? 0 : value));
    const { half1: white } = await whitenHalfMaps(cut, half2, shape);
    expect(white.every((value, i) => i % 44 >= 20 || value === 0)).toBe(true);
    expect(white.filter((value) => value !== 0).length).toBeGreaterThan(count / 2 - 44 * 37);
  });

  it('survive maps of zeros and shells without power', async () => {
    const zeros = new Float32Array(count);
    expect((await whitenHalfMaps(zeros, zeros, shape)).half1.every((value) => value === 0)).toBe(true);
    const smooth = await applyRadialGain(map, shape, { kind: 'tanh', lowPass: 0.1 });
    const { half1: white } = await whitenHalfMaps(smooth, smooth, shape);
    expect(white.every((value) => Number.isFinite(value))).toBe(true);
  });
});

describe('smoothing by B-splines', () => {
  const spline = (t: number): number => {
    const a = Math.abs(t);
    return a < 1 ? (4 - 6 * a ** 2 + 3 * a ** 3) / 6 : a < 2 ? (2 - a) ** 3 / 6 : 0;
  };

  it('is the weighted mean of the values around, zeros left out', async () => {
    const small: Shape = [9, 7, 11];
    const noise = randomMap(9 * 7 * 11, 6);
    const values = noise.map((value, i) => (i % 5 === 0 ? 0 : 4 + value));
    const spacing = 1.7;
    const smooth = await smoothByBSpline(values, small, spacing);
    for (const [z, y, x] of [
      [4, 3, 6],
      [0, 0, 1],
      [8, 6, 10],
      [2, 5, 9],
    ] as const) {
      let [sum, weights] = [0, 0];
      values.forEach((value, i) => {
        if (value === 0) return;
        const [dz, dy, dx] = [Math.floor(i / 77) - z, (Math.floor(i / 11) % 7) - y, (i % 11) - x];
        const weight = spline(dz / spacing) * spline(dy / spacing) * spline(dx / spacing);
        sum += weight * value;
        weights += weight;
      });
      const voxel = (z * 7 + y) * 11 + x;
      expect(smooth[voxel]).toBeCloseTo(values[voxel] === 0 ? 0 : sum / weights, 5);
    }
    expect(smooth.every((value, i) => (value === 0) === (values[i] === 0))).toBe(true);
  });

  it('refuses knots that are too far apart', async () => {
    await expect(smoothByBSpline(map, shape, 100)).rejects.toThrow(/100 voxels apart/);
    await expect(smoothByBSpline(map, shape, 0)).rejects.toMatchObject({ kind: 'input.parameter' });
  });
});
