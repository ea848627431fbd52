import { type Calibrator, normalDeviate } from '../../networks/index.js';
import { inChunks } from '../chunks.js';
import { calibrate, standardError } from '../confidence/calibrate.js';
import { sdWithin, withinSd } from '../confidence/normal.js';
import type { Step } from '../context.js';

export interface ConfidenceScoreInput {
  /** Enhanced map, the scaled map that it is compared with, and the variance of the passes. */
  readonly enhanced: Float32Array;
  readonly baseline: Float32Array;
  readonly variance: Float32Array;
  /** Where agreement is counted. */
  readonly mask: Uint8Array;
  readonly passes: number;
  readonly calibrator: Calibrator;
}

/** How often the baseline lies as close to the enhanced map as the calibrated errors say. */
export interface Coverage {
  readonly nominal: number;
  readonly z: number;
  readonly observed: number;
}

export interface ConfidenceScore {
  /** -100 … 100: 0 where the maps agree, +100 density that the network has added, -100 density that it has taken away. */
  readonly pvddt: Float32Array;
  /** At the five levels that LocScale looks at. */
  readonly levels: readonly Coverage[];
  /** From 5 to 95 %. */
  readonly reliability: readonly Coverage[];
  readonly voxels: number;
}

/** Levels and their z as LocScale rounds them. */
const levels = [
  { nominal: 0.7, z: 1.04 },
  { nominal: 0.8, z: 1.28 },
  { nominal: 0.9, z: 1.645 },
  { nominal: 0.95, z: 1.96 },
  { nominal: 0.99, z: 2.58 },
] as const;
const curve = Array.from({ length: 19 }, (_, i) => (i + 1) / 20).map((nominal) => ({ nominal, z: sdWithin(nominal) }));

/** pVDDT (emmernet.md 6): 200 Φ(z) - 100 with z the difference of the maps in calibrated standard errors, as the calibrator's curve has it. */
export const confidenceScore: Step<ConfidenceScoreInput, ConfidenceScore> = {
  name: 'confidenceScore',
  version: 1,
  run: async ({ enhanced, baseline, variance, mask, passes, calibrator }, { signal, report }) => {
    const pvddt = new Float32Array(enhanced.length);
    const thresholds = [...levels, ...curve].map(({ z }) => z);
    const counts = new Float64Array(thresholds.length);
    let voxels = 0;
    await inChunks(enhanced.length, signal, 4, (first, end) => {
      for (let i = first; i < end; i++) {
        const difference = (enhanced[i] as number) - (baseline[i] as number);
        const isMasked = mask[i] === 1;
        if (difference === 0 && !isMasked) continue;
        const error = calibrate(calibrator, standardError(variance[i] as number, passes, calibrator));
        const z = normalDeviate(calibrator, difference / error);
        pvddt[i] = 100 * Math.sign(z) * withinSd(z);
        if (!isMasked) continue;
        voxels++;
        for (let level = 0; level < thresholds.length; level++)
          if (Math.abs(z) <= (thresholds[level] as number)) counts[level] = (counts[level] as number) + 1;
      }
      report(end / enhanced.length);
    });
    const covered = [...levels, ...curve].map(({ nominal, z }, i) => ({
      nominal,
      z,
      observed: (counts[i] as number) / voxels,
    }));
    return { pvddt, levels: covered.slice(0, levels.length), reliability: covered.slice(levels.length), voxels };
  },
};
