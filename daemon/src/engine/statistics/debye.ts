import type { Grid } from '@chimerax-like/rpc';
import { radialProfile } from '@locscale/native';
import { shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';
import { fitPiecewiseLine } from './piecewise-line.js';

/** Where the fit begins, Å; LocScale takes the Wilson cut-off, which needs the molecular weight and lies near it. */
const lowestResolution = 10;
/** Coarser maps do not show where atoms of a residue scatter in phase (scaling.md 14). */
const worstResolution = 5;

/** How far the amplitudes of a map are from those of atoms strewn at random. */
export interface DebyeSlope {
  /** |slope 1 - slope 2| of ln(amplitude) against f², Å². */
  readonly difference: number;
  /** Slope of each piece, Å². */
  readonly slopes: readonly number[];
  /** Resolutions where the pieces meet, Å. */
  readonly breaks: readonly number[];
}

/**
 * Bend of the Wilson plot: the full-shell profile between 10 Å and the resolution, as a continuous line of 4 pieces (above
 * 3 Å) or 3 (from 3 to 5 Å). Null for worse resolutions, and for maps with too few shells in between.
 */
export async function debyeSlope(
  map: Float32Array,
  grid: Grid,
  resolution: number,
  signal: AbortSignal,
): Promise<DebyeSlope | null> {
  if (resolution > worstResolution) return null;
  const axis = shellAxis(Math.max(...grid.shape), meanVoxelSize(grid), 'none');
  const amplitudes = await radialProfile(map, grid.shape, { signal });
  const points = Array.from(axis, (f, r) => [f, f ** 2, Math.log(amplitudes[r] as number)] as const).filter(
    ([f, , y]) => f >= 1 / lowestResolution && f <= 1 / resolution && Number.isFinite(y),
  );
  const pieces = resolution < 3 ? 4 : 3;
  const fit = fitPiecewiseLine(
    points.map(([, square]) => square),
    points.map(([, , y]) => y),
    pieces,
  );
  const [first, second] = fit?.slopes ?? [];
  if (fit === null || first === undefined || second === undefined) return null;
  return {
    difference: Math.abs(first - second),
    slopes: fit.slopes,
    breaks: fit.knots.slice(1, -1).map((square) => 1 / Math.sqrt(square)),
  };
}
