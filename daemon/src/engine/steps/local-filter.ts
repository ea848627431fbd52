import { type Grid } from '@chimerax-like/rpc';
import { localFilter as kernel } from '@locscale/native';
import type { Step } from '../context.js';
import { meanVoxelSize } from '../voxel-size.js';

export interface LocalFilterInput {
  readonly map: Float32Array;
  /** Å, on the grid of the map; voxels of 0 are filtered at the lowest resolution that is present. */
  readonly resolution: Float32Array;
  readonly grid: Grid;
  readonly threads?: number | undefined;
}

/** Low-pass of every voxel at its own resolution. */
export const localFilter: Step<LocalFilterInput, Float32Array> = {
  name: 'localFilter',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: ({ map, resolution, grid, threads }, { signal, report }) =>
    kernel(map, grid.shape, resolution, meanVoxelSize(grid), {
      signal,
      threads,
      onProgress: (fraction) => report(fraction),
    }),
};
