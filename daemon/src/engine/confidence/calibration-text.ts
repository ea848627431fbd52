import type { ConfidenceScore } from '../steps/confidence-score.js';

/** The diagnostics as a file: for each level, how many voxels of the mask have their baseline within so many calibrated errors. */
export function calibrationText({ levels, reliability, voxels }: ConfidenceScore): string {
  const content = {
    description:
      'Share of the mask voxels whose baseline lies within z calibrated standard errors of the enhanced map, beside the share that a normal distribution has there.',
    voxels,
    levels,
    reliability,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
