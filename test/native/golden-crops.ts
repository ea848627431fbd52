import { goldenMap } from './helpers.js';
import type { Shape } from '@locscale/native';

/** Voxel size of the golden maps as LocScale read it: the float32 mean of the header's three. */
export const goldenVoxelSize = 1.2000000476837158;

/** The 48³ crops that LocScale's filters and resamplers were run on. */
export const cropShape: Shape = [48, 48, 48];
export const crop = (name: string): Float32Array => goldenMap(`crop_${name}.mrc.gz`);

/** Largest absolute difference over the standard deviation of what is expected. */
export function relativeDifference(seen: ArrayLike<number>, expected: Float32Array): number {
  let mean = 0;
  for (const value of expected) mean += value / expected.length;
  let variance = 0;
  let largest = seen.length === expected.length ? 0 : NaN;
  expected.forEach((value, i) => {
    variance += (value - mean) ** 2 / expected.length;
    const difference = Math.abs((seen[i] ?? NaN) - value);
    if (!(difference <= largest)) largest = difference;
  });
  return largest / Math.sqrt(variance);
}
