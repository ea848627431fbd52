import type { Grid } from '@chimerax-like/rpc';

/** One voxel size for filters and frequencies, Å: the mean of the three edges, which differ by at most 1 %. */
export const meanVoxelSize = ({ voxelSize: [x, y, z] }: Grid): number => (x + y + z) / 3;
