import { describe, expect, it } from 'vitest';
import { cosineMask } from '@locscale/native';
import { Runner } from '../../daemon/src/engine/runner.js';
import { fscWeights, halfMapFsc, type FscOutput, type MaskedFsc } from '../../daemon/src/engine/steps/half-map-fsc.js';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomNumbers,
} from './helpers.js';

type Maps = Readonly<Record<'half1' | 'half2' | 'mask', Float32Array>>;

const correlate = (maps: Maps, edge: number, seed = 1): Promise<FscOutput> =>
  new Runner({}, {}).run(
    halfMapFsc,
    {
      ...maps,
      grid: { shape: [edge, edge, edge], voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] },
      seed,
      compatibility: 'none',
    },
    'correlating',
  );
const masked = async (maps: Maps, edge: number, seed?: number): Promise<MaskedFsc> => {
  const { masked: result } = await correlate(maps, edge, seed);
  if (result === null) throw new Error('a mask was given');
  return result;
};

describe.skipIf(goldenMissing)(`masked FSC against LocScale 2.3.1 (${goldenReason})`, () => {
  it('is that of the half maps under a cosine mask of length 5', async () => {
    const mask = await cosineMask(goldenMap('mask.mrc.gz'), goldenShape, 5);
    const maps = { half1: goldenMap('half1.mrc.gz'), half2: goldenMap('half2.mrc.gz'), mask };
    const { curve, corrected, randomised, randomisedFrom } = await masked(maps, 96);
    expect(largestDifference(curve, goldenManifest().fsc_soft_masked.curve)).toBeLessThan(1e-6);
    // White noise under a mask far wider than the correlation it makes: the correction is small, and only downwards.
    corrected.forEach((value, r) => {
      if (r < randomisedFrom + 2) expect(value).toBe(curve[r]);
      else expect(value).toBeLessThanOrEqual((curve[r] ?? NaN) + Math.max(0, -(randomised[r] ?? NaN)));
    });
  });

  it('weights are those of LocScale’s C_ref', () => {
    const { curve, cref } = goldenManifest().fsc;
    expect(largestDifference(fscWeights(Float64Array.from(curve)), cref)).toBeLessThan(1e-12);
  });
});

describe('correction by phase randomisation', () => {
  const edge = 40;
  const random = randomNumbers(3);
  const noise = (): Float32Array => Float32Array.from({ length: edge ** 3 }, () => random() + random() - 1);
  /** A tight mask with hard edges, which correlates the shells of any two maps that have a common mean. */
  const mask = Float32Array.from({ length: edge ** 3 }, (_, i) => {
    const [z, y, x] = [Math.floor(i / edge ** 2) - 20, (Math.floor(i / edge) % edge) - 20, (i % edge) - 20];
    return Math.hypot(z, y, x) < 8 ? 1 : 0;
  });
  /** Independent noise, and signal at low frequencies only. */
  const signal = Float32Array.from({ length: edge ** 3 }, (_, i) => (mask[i] === 1 ? 6 : 0));
  const half = (): Float32Array => noise().map((value, i) => value + (signal[i] ?? 0));
  const maps: Maps = { half1: half(), half2: half(), mask };

  it('takes away what the mask makes, and only that', async () => {
    const { curve, corrected, randomised, randomisedFrom } = await masked(maps, edge);
    expect(randomisedFrom).toBeGreaterThan(2);
    const mean = (values: ArrayLike<number>): number => {
      const high = Array.from(values).slice(randomisedFrom + 2);
      return high.reduce((sum, value) => sum + value, 0) / high.length;
    };
    expect(mean(randomised)).toBeGreaterThan(0.02);
    expect(mean(corrected)).toBeLessThan(mean(curve));
    expect(Array.from(corrected.subarray(0, randomisedFrom))).toEqual(Array.from(curve.subarray(0, randomisedFrom)));
    expect(Math.min(...corrected)).toBeGreaterThan(-1);
  });

  it('is the same for the same seed, another for another', async () => {
    const [first, again, other] = [
      await masked(maps, edge, 5),
      await masked(maps, edge, 5),
      await masked(maps, edge, 6),
    ];
    expect(again).toEqual(first);
    expect(other.randomised).not.toEqual(first.randomised);
  });
});
