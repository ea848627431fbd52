import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { cosineMask, type ModelColumns, voxelsNearAtoms } from '@locscale/native';
import type { Step } from '../context.js';
import { erode } from '../pseudo-model/erode.js';

export interface DifferenceMaskInput {
  readonly atoms: ModelColumns;
  /** Confidence map or mask, not binarised. */
  readonly confidence: Float32Array;
  readonly grid: Grid;
  /** Confidence from which on a voxel belongs to the molecule. */
  readonly threshold: number;
  /** How far from its atoms the model reaches, Å. */
  readonly radius: number;
  /** Edge of the cube by which the difference is eroded, voxels: no shells along the model's surface. */
  readonly erosion: number;
}

export interface DifferenceMask {
  /** 1: molecule, and no model there. */
  readonly mask: Uint8Array;
  readonly voxels: number;
  /** Voxels of the molecule. */
  readonly moleculeVoxels: number;
}

/** Voxels of the window that rounds the model's surface. */
const softEdge = 5;

/** Where the molecule is and the partial model is not (models.md 6, steps 1 to 4). */
export const differenceMask: Step<DifferenceMaskInput, DifferenceMask> = {
  name: 'differenceMask',
  version: 1,
  keep: 'whole',
  run: async ({ atoms, confidence, grid, threshold, radius, erosion }, { signal }) => {
    const near = Float32Array.from(await voxelsNearAtoms(atoms, grid, radius, { signal }));
    const envelope = await cosineMask(near, grid.shape, softEdge, { signal });
    const mask = new Uint8Array(confidence.length);
    let moleculeVoxels = 0;
    for (let i = 0; i < mask.length; i++) {
      if ((confidence[i] as number) < threshold) continue;
      moleculeVoxels++;
      if ((envelope[i] as number) < 0.5) mask[i] = 1;
    }
    await erode(mask, grid.shape, erosion, signal);
    const voxels = mask.reduce((sum, value) => sum + value, 0);
    if (voxels === 0)
      throw new LocScaleError(
        'input.voxels',
        moleculeVoxels === 0
          ? `No voxel of the mask reaches a confidence of ${threshold}; give a mask that is 1 inside, or a lower threshold (-th).`
          : `The model reaches everywhere in the mask (${moleculeVoxels} voxels), nothing is left to complete; leave --complete_model out.`,
        { moleculeVoxels, threshold },
      );
    return { mask, voxels, moleculeVoxels };
  },
};

/** A mask of bytes as the numbers that pseudo-atoms are placed by. */
export const maskAsNumbers: Step<{ readonly mask: Uint8Array }, Float32Array> = {
  name: 'maskAsNumbers',
  version: 1,
  run: ({ mask }) => Float32Array.from(mask),
};
