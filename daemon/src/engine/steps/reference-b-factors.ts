import { averageBFactors, bFactorShift } from '@locscale/native';
import type { Step } from '../context.js';

/** Radius of LocScale's averaging, Å. */
export const averagingRadius = 25;

export interface ReferenceBFactorsInput {
  readonly positions: Float64Array;
  readonly bFactors: Float32Array;
  /** Take the mean over all atoms within 25 Å. */
  readonly average: boolean;
  /** Take the 1 % quantile away; no B-factor falls below 0. */
  readonly shift: boolean;
}

export interface ReferenceBFactors {
  readonly bFactors: Float32Array;
  /** What was taken from all, Å². */
  readonly shift: number;
}

/** What LocScale does with refined B-factors before it simulates a reference map from them (models.md 7, 8). */
export const referenceBFactors: Step<ReferenceBFactorsInput, ReferenceBFactors> = {
  name: 'referenceBFactors',
  version: 1,
  run: async ({ positions, bFactors, average, shift }, { signal }) => {
    const smooth = average ? await averageBFactors({ positions, bFactors }, averagingRadius, { signal }) : bFactors;
    const taken = shift ? await bFactorShift(smooth) : 0;
    return { bFactors: smooth.map((b) => Math.max(b - taken, 0)), shift: taken };
  },
};
