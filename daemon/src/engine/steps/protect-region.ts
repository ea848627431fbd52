import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { cosineMask } from '@locscale/native';
import type { Step } from '../context.js';
import { maskThreshold } from './binarise-mask.js';

export interface ProtectRegionInput {
  readonly enhanced: Float32Array;
  readonly variance: Float32Array;
  readonly baseline: Float32Array;
  /** 1 in what keeps the baseline's density. */
  readonly region: Uint8Array;
  /** 1 where there is a baseline. */
  readonly mask: Uint8Array;
  readonly grid: Grid;
  readonly threads: number | undefined;
}

export interface Protected {
  readonly enhanced: Float32Array;
  readonly variance: Float32Array;
  readonly voxels: number;
}

/** Width of the border over which the maps go into each other, voxels. */
const border = 7;

/** Puts the baseline's density into a region (a ligand, glycans) and blends over at its border; there the network says nothing. */
export const protectRegion: Step<ProtectRegionInput, Protected> = {
  name: 'protectRegion',
  version: 1,
  unkeyed: ['threads'],
  run: async ({ enhanced, variance, baseline, region, mask, grid, threads }, { signal, warn }) => {
    const soft = await cosineMask(Float32Array.from(region), grid.shape, border, { signal, threads });
    // The soft edge is a half at the border: doubled, it falls from 1 there to 0 outside.
    const weights = soft.map((value, i) => (region[i] === 1 ? 1 : mask[i] === 1 ? Math.min(1, 2 * value) : 0));
    const voxels = region.reduce((sum, value) => sum + value, 0);
    warn({
      kind: 'network.protected',
      message: `${voxels} protected voxels (--protect) keep the baseline's density, blended with the network's at their border.`,
    });
    return {
      enhanced: enhanced.map((value, i) => blend(value, baseline[i] as number, weights[i] as number)),
      variance: variance.map((value, i) => value * (1 - (weights[i] as number)) ** 2),
      voxels,
    };
  },
};

const blend = (value: number, other: number, weight: number): number => (1 - weight) * value + weight * other;

/** Two masks as one: what is protected must be scaled too, also where nobody else would look. */
export const joinMasks: Step<
  { readonly mask: Uint8Array; readonly other: Float32Array },
  { readonly mask: Uint8Array; readonly region: Uint8Array }
> = {
  name: 'joinMasks',
  version: 1,
  run: ({ mask, other }) => {
    const region = Uint8Array.from(other, (value) => (value >= maskThreshold ? 1 : 0));
    if (!region.includes(1))
      throw new LocScaleError(
        'input.voxels',
        `No voxel of the region to protect reaches ${maskThreshold}; give a mask that is 1 inside (--protect).`,
      );
    return { mask: mask.map((value, i) => (region[i] === 1 ? 1 : value)), region };
  },
};
