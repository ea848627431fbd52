import type { Step } from '../context.js';
import type { ConfidenceOutput } from './confidence-mask.js';

/** The numbers behind a confidence mask, for provenance. */
export type ConfidenceFacts = Omit<ConfidenceOutput, 'mask' | 'confidence'>;

/** Apart from the maps, so that they need not be read again for the numbers. */
export const confidenceFacts: Step<{ readonly confidence: ConfidenceOutput }, ConfidenceFacts> = {
  name: 'confidenceFacts',
  version: 1,
  keep: 'whole',
  run: ({ confidence }) => {
    const { noiseMean, noiseVariance, ballVoxels, maskedVoxels, mapThreshold, highestConfidence, boxes } = confidence;
    return { noiseMean, noiseVariance, ballVoxels, maskedVoxels, mapThreshold, highestConfidence, boxes };
  },
};
