import { describe, expect, it } from 'vitest';
import {
  combineHalfMaps,
  fft3,
  fourierShellCorrelation,
  halfSpectrumShape,
  radialProfile,
  randomisePhases,
  shellFrequencies,
  type Shape,
} from '@locscale/native';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomMap,
} from './helpers.js';

describe.skipIf(goldenMissing)(`against LocScale 2.3.1 (${goldenReason})`, () => {
  const manifest = goldenMissing ? undefined : goldenManifest();

  it('gives the same FSC curve', async () => {
    const curve = await fourierShellCorrelation(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'), goldenShape);
    const expected = manifest?.fsc.curve ?? [];
    expect(expected).toHaveLength(48);
    expect(largestDifference(curve, expected)).toBeLessThan(1e-12);
  });

  it('gives the same radial profile of the mean of the half maps', async () => {
    const full = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const profile = await radialProfile(full, goldenShape);
    const expected = manifest?.profiles_full_map.true_radius_n_half ?? [];
    expect(expected).toHaveLength(48);
    const ratios = Array.from(profile, (value, r) => value / (expected[r] ?? NaN));
    expect(largestDifference(ratios, new Float64Array(48).fill(1))).toBeLessThan(1e-12);
  });
});

/** Shell sums straight from the definition, on the spectrum that fft3 gives. */
async function plainShells(map1: Float32Array, map2: Float32Array, shape: Shape): Promise<Float64Array> {
  const [f1, f2] = await Promise.all([fft3(Float64Array.from(map1), shape), fft3(Float64Array.from(map2), shape)]);
  const [nz, ny, nxHalf] = halfSpectrumShape(shape);
  const n = Math.max(...shape);
  const cross = new Float64Array(n);
  const power1 = new Float64Array(n);
  const power2 = new Float64Array(n);
  const folded = (i: number, length: number): number => Math.min(i, length - i) / length;
  let at = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nxHalf; x++, at += 2) {
        const frequency = Math.hypot(folded(z, nz), folded(y, ny), x / shape[2]);
        const shell = Math.floor(n * frequency + 1e-9);
        const [re1, im1, re2, im2] = [f1[at] ?? 0, f1[at + 1] ?? 0, f2[at] ?? 0, f2[at + 1] ?? 0];
        cross[shell] = (cross[shell] ?? 0) + re1 * re2 + im1 * im2;
        power1[shell] = (power1[shell] ?? 0) + re1 ** 2 + im1 ** 2;
        power2[shell] = (power2[shell] ?? 0) + re2 ** 2 + im2 ** 2;
      }
    }
  }
  return cross.map((sum, r) => sum / Math.sqrt((power1[r] ?? 0) * (power2[r] ?? 0))).slice(0, Math.floor(n / 2));
}

describe('shells', () => {
  it.each<[string, Shape]>([
    ['a cube of odd size', [15, 15, 15]],
    ['a box of three sizes', [12, 21, 10]],
    ['a flat box', [4, 32, 30]],
  ])('are spheres of true frequency in %s', async (_, shape) => {
    const count = shape[0] * shape[1] * shape[2];
    const half1 = randomMap(count, 1).map((value) => value + 0.5);
    const noise = randomMap(count, 2);
    const half2 = half1.map((value, i) => value + (noise[i] ?? NaN));
    const curve = await fourierShellCorrelation(half1, half2, shape);
    const expected = await plainShells(half1, half2, shape);
    expect(curve).toHaveLength(Math.floor(Math.max(...shape) / 2));
    expect(largestDifference(curve, expected)).toBeLessThan(1e-11);
  });

  it('start at r / (n · voxel size), n the longest edge', () => {
    expect(Array.from(shellFrequencies([4, 10, 6], 2))).toEqual([0, 0.05, 0.1, 0.15, 0.2]);
  });
});

describe('Fourier shell correlation', () => {
  const shape: Shape = [16, 16, 16];
  const map = randomMap(4096, 3);

  it('is 1 for a map and itself, -1 for a map and its negative, except in shell 0', async () => {
    const same = await fourierShellCorrelation(map, map, shape);
    expect(largestDifference(same, new Float64Array(8).fill(1))).toBeLessThan(1e-14);
    const opposite = await fourierShellCorrelation(
      map,
      map.map((value) => -value),
      shape,
    );
    expect(opposite[0]).toBe(1);
    expect(largestDifference(opposite.slice(1), new Float64Array(7).fill(-1))).toBeLessThan(1e-14);
  });

  it('is 0 in shells without power', async () => {
    const curve = await fourierShellCorrelation(new Float32Array(4096), map, shape);
    expect(Array.from(curve)).toEqual(new Array(8).fill(0));
  });

  it('does not depend on the number of threads, to the last bit', async () => {
    const other = randomMap(4096, 4);
    const one = await fourierShellCorrelation(map, other, shape, { threads: 1 });
    const three = await fourierShellCorrelation(map, other, shape, { threads: 3 });
    expect(Array.from(three)).toEqual(Array.from(one));
  });

  it('refuses half maps of different sizes with both numbers in the sentence', async () => {
    await expect(fourierShellCorrelation(map, map.subarray(1), shape)).rejects.toMatchObject({
      kind: 'input.parameter',
      message: expect.stringMatching(/second half map holds 4095 voxels, but 4096/) as string,
    });
  });
});

describe('random phases', () => {
  const shape: Shape = [12, 15, 10];
  const map = randomMap(1800, 6);
  /** Amplitudes and shells of the half spectrum. */
  const amplitudes = async (voxels: Float32Array): Promise<Float64Array> => {
    const spectrum = await fft3(Float64Array.from(voxels), shape);
    return Float64Array.from({ length: spectrum.length / 2 }, (_, i) =>
      Math.hypot(spectrum[2 * i] ?? NaN, spectrum[2 * i + 1] ?? NaN),
    );
  };

  it('keep every amplitude, leave the first shells as they are, and take all correlation from the others', async () => {
    const edge: Shape = [48, 48, 48];
    const large = randomMap(48 ** 3, 9);
    const randomised = await randomisePhases(large, edge, 6, 1);
    const curve = await fourierShellCorrelation(large, randomised, edge);
    expect(largestDifference(curve.subarray(0, 6), new Float64Array(6).fill(1))).toBeLessThan(1e-6);
    // A shell of radius r holds about 2πr² independent coefficients; five standard deviations of their correlation.
    curve.subarray(6).forEach((value, i) => {
      expect(Math.abs(value)).toBeLessThan(5 / Math.sqrt(2 * Math.PI * (i + 6) ** 2));
    });
    const small = await randomisePhases(map, shape, 2, 1);
    expect(largestDifference(await amplitudes(small), await amplitudes(map))).toBeLessThan(1e-4);
  });

  it('are those of the seed, for any number of threads', async () => {
    const one = await randomisePhases(map, shape, 2, 7, { threads: 1 });
    expect(await randomisePhases(map, shape, 2, 7, { threads: 3 })).toEqual(one);
    expect(largestDifference(await randomisePhases(map, shape, 2, 8), one)).toBeGreaterThan(0.1);
  });
});
