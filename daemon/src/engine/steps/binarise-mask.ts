import { LocScaleError } from '@chimerax-like/rpc';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';

/** Voxels with at least this value belong to the mask (scaling.md 6). */
export const maskThreshold = 0.5;

export interface BinaryMask {
  /** 1 inside, 0 outside. */
  readonly mask: Uint8Array;
  readonly maskedVoxels: number;
}

/** Binarises a mask at 0.5. A NaN counts as outside. */
export const binariseMask: Step<{ readonly mask: Float32Array }, BinaryMask> = {
  name: 'binariseMask',
  version: 1,
  run: async ({ mask: voxels }, { signal, report }) => {
    const mask = new Uint8Array(voxels.length);
    let maskedVoxels = 0;
    let max = -Infinity;
    await inChunks(voxels.length, signal, 1, (first, end) => {
      for (let i = first; i < end; i++) {
        const value = voxels[i] as number;
        if (value > max) max = value;
        if (value >= maskThreshold) {
          mask[i] = 1;
          maskedVoxels++;
        }
      }
      report(end / voxels.length);
    });
    if (maskedVoxels === 0)
      throw new LocScaleError(
        'input.voxels',
        `No voxel of the mask reaches ${maskThreshold}, its largest value is ${max}; give a mask that is 1 inside, or scale it to 0…1.`,
        { threshold: maskThreshold, max },
      );
    return { mask, maskedVoxels };
  },
};
