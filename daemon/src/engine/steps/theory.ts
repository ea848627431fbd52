import type { Step } from '../context.js';
import { defaultTheoreticalProfile, theoreticalProfile } from '../theory.js';

export interface TheoryInput {
  /** Voxels. */
  readonly windowSize: number;
  /** Å. */
  readonly voxelSize: number;
}

/** Amplitudes of a typical protein at the frequencies of a window's bins (docs/theoretical-profile.md). */
export const theory: Step<TheoryInput, Float64Array> = {
  name: 'theory',
  version: 1,
  run: ({ windowSize, voxelSize }) => theoreticalProfile(defaultTheoreticalProfile, windowSize, voxelSize),
};
