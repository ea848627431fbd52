import type { Step } from '../context.js';
import type { ConfidenceOutput } from './confidence-mask.js';

/** The mask apart from its confidence map, kept by itself: a repeat then reads one byte per voxel and not five. */
export const confidentVoxels: Step<{ readonly confidence: ConfidenceOutput }, Uint8Array> = {
  name: 'confidentVoxels',
  version: 1,
  keep: 'whole',
  run: ({ confidence }) => confidence.mask,
};
