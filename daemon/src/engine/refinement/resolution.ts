import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { type Atoms, cosineMask, fourierShellCorrelation, voxelsNearAtoms } from '@locscale/native';
import { firstCrossing, shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';
import type { RefinementMaps } from './types.js';

/** FSC of half maps at which data end. */
const threshold = 0.143;
/** Where they end without half maps, Å behind the Nyquist limit: LocScale's rule. */
const behindNyquist = 0.1;
/** Coarser data say nothing of B-factors, Å. */
const coarsest = 15;
/** The half maps are compared where the model is: reach of its mask, and width of the mask's edge, Å. */
const reach = 6;
const softEdge = 6;

export interface ResolutionInput {
  readonly maps: RefinementMaps;
  readonly grid: Grid;
  readonly atoms: Atoms;
  /** What the user wants, Å. */
  readonly asked: number | undefined;
}

/**
 * Finest resolution to refine with, Å: what is asked for; else where the half maps' FSC around the model falls below 0.143, or
 * nearly the Nyquist limit. Shells of noise count for nothing, so a value that is too fine does no harm, but one that is
 * too coarse does: that of a whole box, most of it solvent, would be.
 */
export async function refinementResolution(input: ResolutionInput, signal: AbortSignal): Promise<number> {
  const { maps, grid, atoms, asked } = input;
  const finest = 2 * Math.max(...grid.voxelSize);
  if (asked !== undefined) {
    if (asked >= finest && asked <= coarsest) return asked;
    throw new LocScaleError(
      'input.parameter',
      `The resolution is ${asked} Å, expected ${finest.toFixed(2)} Å (twice the voxel size) to ${coarsest} Å; give one in that range or none.`,
      { seen: asked },
    );
  }
  const nearNyquist = finest + behindNyquist;
  if (maps.kind === 'map') return Math.min(nearNyquist, coarsest);
  const near = Float32Array.from(await voxelsNearAtoms(atoms, grid, reach, { signal }));
  const mask = await cosineMask(near, grid.shape, Math.max(3, Math.round(softEdge / meanVoxelSize(grid))), { signal });
  const masked = (map: Float32Array): Float32Array => map.map((value, i) => value * (mask[i] ?? 0));
  const curve = await fourierShellCorrelation(masked(maps.half1), masked(maps.half2), grid.shape, { signal });
  const axis = shellAxis(Math.max(...grid.shape), meanVoxelSize(grid), 'none');
  const crossing = firstCrossing(curve, axis, threshold);
  return Math.min(Math.max(crossing ?? nearNyquist, nearNyquist), coarsest);
}
