import { LocScaleError } from '@chimerax-like/rpc';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';

export interface MomentsInput {
  readonly voxels: Float32Array;
  /** Multiplied with the map before anything is summed, as LocScale does; same number of voxels. */
  readonly mask?: Float32Array | undefined;
}

/** Moments of the distribution of voxel values. */
export interface Moments {
  readonly voxels: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly skewness: number;
  /** Excess kurtosis (Fisher: 0 for a normal distribution), biased. */
  readonly kurtosis: number;
}

/** Mean, standard deviation, skewness and kurtosis over all voxels (scaling.md 14), in two passes in double precision. */
export const mapMoments: Step<MomentsInput, Moments> = {
  name: 'mapMoments',
  version: 1,
  run: async ({ voxels, mask }, { signal }) => {
    const n = voxels.length;
    // LocScale multiplies float32 arrays: the product is rounded to float32.
    const value =
      mask === undefined
        ? (i: number): number => voxels[i] as number
        : (i: number): number => Math.fround((voxels[i] as number) * (mask[i] as number));
    let sum = 0;
    await inChunks(n, signal, 1, (first, end) => {
      for (let i = first; i < end; i++) sum += value(i);
    });
    const mean = sum / n;
    let [second, third, fourth] = [0, 0, 0];
    await inChunks(n, signal, 1, (first, end) => {
      for (let i = first; i < end; i++) {
        const difference = value(i) - mean;
        const square = difference * difference;
        second += square;
        third += square * difference;
        fourth += square * square;
      }
    });
    const variance = second / n;
    if (variance === 0)
      throw new LocScaleError(
        'input.voxels',
        `Every voxel is ${mean}, so skewness and kurtosis are not defined; check map and mask.`,
        { seen: mean },
      );
    return {
      voxels: n,
      mean,
      sd: Math.sqrt(variance),
      skewness: third / n / variance ** 1.5,
      kurtosis: fourth / n / variance ** 2 - 3,
    };
  },
};
