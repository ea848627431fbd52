import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';
import { assertSameGrid } from '../../volumes/index.js';
import type { InputGrids } from './recipe.js';

/** The grid of all inputs: same shape and, within 1 %, the same voxel size; the first one's is taken. */
export function checkGrids(grids: InputGrids, warn: (warning: Warning) => void = () => undefined): Grid {
  const [first, ...others] = Object.entries(grids);
  if (first === undefined) throw new LocScaleError('input.missing', 'No input map is given; give half maps or a map.');
  for (const [name, grid] of others) assertSameGrid(first[1], `the ${first[0]}`, grid, `the ${name}`).forEach(warn);
  return first[1];
}

/** The grid with another voxel size, if one is given (`--apix`). */
export function withVoxelSize(grid: Grid, voxelSize: number | undefined): Grid {
  return voxelSize === undefined ? grid : { ...grid, voxelSize: [voxelSize, voxelSize, voxelSize] };
}
