import { describe, expect, it } from 'vitest';
import {
  applyRadialGain,
  combineHalfMaps,
  cosineMask,
  fft3,
  fourierShellCorrelation,
  inverseFft3,
  octantProfile,
  radialProfile,
  type Shape,
} from '@locscale/native';
import { crop, cropShape, goldenVoxelSize, relativeDifference } from './golden-crops.js';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomMap,
} from './helpers.js';

/** Observed differences are at most 3e-7: the rounding of the expected files to float32. */
const tolerance = 1e-6;

describe.skipIf(goldenMissing)(`filters against LocScale 2.3.1 (${goldenReason})`, () => {
  it.each([
    ['low-pass at 5 Å', { lowPass: goldenVoxelSize / 5 }, 'lowpass5'],
    ['pre-filter of the confidence mask at 5 Å', { lowPass: goldenVoxelSize / 5 }, 'fdr_lowpass5'],
    ['high-pass at 10 Å', { highPass: goldenVoxelSize / 10 }, 'highpass10'],
  ])('%s', async (_, band, expected) => {
    const filtered = await applyRadialGain(crop('em'), cropShape, { kind: 'tanh', ...band });
    expect(relativeDifference(filtered, crop(expected))).toBeLessThan(tolerance);
  });

  it.each([3, 5])('cosine mask of length %i', async (length) => {
    const soft = await cosineMask(crop('mask'), cropShape, length);
    expect(relativeDifference(soft, crop(`cosine${String(length)}`))).toBeLessThan(tolerance);
  });

  it('global sharpening by B = 50 Å² on the stretched axis', async () => {
    const gains = Float64Array.from({ length: 24 }, (_, r) =>
      Math.exp((50 * (r / 23 / (2 * goldenVoxelSize)) ** 2) / 4),
    );
    const sharpened = await applyRadialGain(crop('em'), cropShape, { kind: 'shells', gains, beyond: 1 });
    expect(relativeDifference(sharpened, crop('sharpened_b50'))).toBeLessThan(tolerance);
  });

  it('profile of another map, from its shells over the octants of this one', async () => {
    const [own, other] = [await octantProfile(crop('em'), cropShape), await radialProfile(crop('model'), cropShape)];
    const gains = other.map((amplitude, r) => amplitude / (own[r] ?? NaN));
    const applied = await applyRadialGain(crop('em'), cropShape, { kind: 'shells', gains, beyond: 1 });
    expect(relativeDifference(applied, crop('radial_profile_applied'))).toBeLessThan(tolerance);
  });

  it('weighting of the full map by the FSC of its halves', async () => {
    const halves = [goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz')] as const;
    const fsc = await fourierShellCorrelation(...halves, goldenShape);
    const gains = fsc.map((value) => Math.sqrt((2 * Math.max(value, 0)) / (1 + Math.max(value, 0))));
    const full = await combineHalfMaps(...halves);
    const weighted = await applyRadialGain(full, goldenShape, { kind: 'shells', gains, beyond: 1 });
    const slab = weighted.subarray(46 * 96 * 96, 50 * 96 * 96);
    expect(relativeDifference(slab, goldenMap('fsc_filtered_zslab.mrc.gz'))).toBeLessThan(tolerance);
  });

  it('octant profile of the full map', async () => {
    const full = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const profile = await octantProfile(full, goldenShape);
    const expected = goldenManifest().profiles_full_map.octant_n_half;
    const ratios = Array.from(profile, (value, r) => value / (expected[r] ?? NaN));
    expect(largestDifference(ratios, new Float64Array(48).fill(1))).toBeLessThan(1e-12);
  });
});

describe('radial gains', () => {
  const shape: Shape = [9, 14, 11];
  const map = randomMap(9 * 14 * 11, 5);

  /** The definition as a loop over the coefficients that fft3 gives. */
  async function plainly(gain: (frequency: number) => number): Promise<Float64Array> {
    const spectrum = await fft3(Float64Array.from(map), shape);
    const folded = (i: number, n: number): number => Math.min(i, n - i) / n;
    let at = 0;
    for (let z = 0; z < 9; z++) {
      for (let y = 0; y < 14; y++) {
        for (let x = 0; x < 6; x++, at += 2) {
          const factor = gain(Math.hypot(folded(z, 9), folded(y, 14), x / 11));
          spectrum[at] = (spectrum[at] ?? NaN) * factor;
          spectrum[at + 1] = (spectrum[at + 1] ?? NaN) * factor;
        }
      }
    }
    return inverseFft3(spectrum, shape);
  }
  const lowPass = (f: number, fc: number): number =>
    (Math.tanh((Math.PI * (f + fc)) / (0.2 * fc)) - Math.tanh((Math.PI * (f - fc)) / (0.2 * fc))) / 2;

  it('pass a band between two cut-offs of an odd box that is no cube', async () => {
    const filtered = await applyRadialGain(map, shape, { kind: 'tanh', lowPass: 0.3, highPass: 0.1 });
    const expected = await plainly((f) => lowPass(f, 0.3) * (1 - lowPass(f, 0.1)));
    expect(largestDifference(filtered, expected)).toBeLessThan(1e-6);
  });

  it('sharpen by a B-factor up to Nyquist and no further', async () => {
    const filtered = await applyRadialGain(map, shape, { kind: 'global-b', b: 20 });
    const expected = await plainly((f) => Math.exp((20 * Math.min(f, 0.5) ** 2) / 4));
    expect(largestDifference(filtered, expected)).toBeLessThan(1e-6);
  });

  it('of one shell after another, and beyond the last', async () => {
    const gains = Float64Array.from([2, 0, 1, 0.5, 3, 1, 0.25]);
    const filtered = await applyRadialGain(map, shape, { kind: 'shells', gains, beyond: 0 });
    const expected = await plainly((f) => gains[Math.floor(14 * f + 1e-9)] ?? 0);
    expect(largestDifference(filtered, expected)).toBeLessThan(1e-6);
  });

  it('do not depend on the number of threads', async () => {
    const gain = { kind: 'tanh', lowPass: 0.2 } as const;
    const [one, three] = [1, 3].map((threads) => applyRadialGain(map, shape, gain, { threads }));
    expect(await one).toEqual(await three);
  });

  it('refuse cut-offs and B-factors that are no numbers', async () => {
    for (const gain of [{ kind: 'tanh', lowPass: -1 } as const, { kind: 'global-b', b: NaN } as const])
      await expect(applyRadialGain(map, shape, gain)).rejects.toMatchObject({ kind: 'input.parameter' });
  });
});

describe('cosine mask', () => {
  it('is the kernel itself around one voxel, and stops at the border', async () => {
    const shape: Shape = [7, 5, 6];
    const mask = new Float32Array(7 * 5 * 6);
    mask[(0 * 5 + 2) * 6 + 3] = 1;
    const soft = await cosineMask(mask, shape, 3);
    const kernel = (distance: number): number => (Math.abs(distance) > 1 ? 0 : distance === 0 ? 1 : 0.5);
    const expected = Float32Array.from(mask, (_, i) => {
      const [z, y, x] = [Math.floor(i / 30), Math.floor(i / 6) % 5, i % 6];
      return kernel(z) * kernel(y - 2) * kernel(x - 3);
    });
    expect(largestDifference(soft, expected)).toBeLessThan(1e-7);
  });

  it('refuses an empty mask and an edge without width', async () => {
    await expect(cosineMask(new Float32Array(8), [2, 2, 2], 3)).rejects.toMatchObject({ kind: 'input.voxels' });
    await expect(cosineMask(new Float32Array(8).fill(1), [2, 2, 2], 0)).rejects.toMatchObject({
      kind: 'input.parameter',
    });
  });
});
