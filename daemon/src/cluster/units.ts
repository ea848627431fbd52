import type { ScaleWindowsInput, VoxelCounts } from '@locscale/native';

/**
 * Columns along x that one unit of work takes: a multiple of all vector widths of the scaling kernel. It cuts the box at multiples of
 * its vector width along x and at slabs along z (`native/kernels/scaling/tiles.cc`), and what it cuts apart does not influence each
 * other; along y it cuts by the mask, so a unit takes all rows.
 */
const columns = 16;

/** The smallest part of the box that can be scaled by itself with the same result to the bit: columns of one slab. */
export interface Unit {
  /** Which slab, counted from 0. */
  readonly slab: number;
  /** First column. */
  readonly x: number;
  /** Mask voxels in it. */
  readonly voxels: number;
}

export type Shape = ScaleWindowsInput['shape'];

/** The units with mask voxels, slab by slab. `slabHeight`: sections of a slab. */
export function unitsOf(mask: Uint8Array, [nz, ny, nx]: Shape, slabHeight: number): readonly Unit[] {
  const units: Unit[] = [];
  const perRow = Math.ceil(nx / columns);
  for (let slab = 0; slab * slabHeight < nz; slab++) {
    const voxels = new Uint32Array(perRow);
    const end = Math.min(nz, (slab + 1) * slabHeight) * ny * nx;
    for (let i = slab * slabHeight * ny * nx; i < end; i++)
      if (mask[i] !== 0) (voxels[Math.floor((i % nx) / columns)] as number)++;
    voxels.forEach((count, i) => {
      if (count > 0) units.push({ slab, x: i * columns, voxels: count });
    });
  }
  return units;
}

/** Calls `visit` with the first voxel and the end of each row of a unit. */
function forEachRow(
  { slab, x }: Unit,
  [nz, ny, nx]: Shape,
  slabHeight: number,
  visit: (first: number, end: number) => void,
): void {
  const end = Math.min(nz, (slab + 1) * slabHeight) * ny;
  const width = Math.min(columns, nx - x);
  for (let row = slab * slabHeight * ny; row < end; row++) visit(row * nx + x, row * nx + x + width);
}

/** A map or mask that is only looked at inside the mask of some units. */
export interface Box {
  readonly mask: Uint8Array;
  readonly shape: Shape;
  readonly slabHeight: number;
}

/** The mask with everything outside the units 0. `room` holds the mask of other units and is used again. */
export function maskOf(units: readonly Unit[], { mask, shape, slabHeight }: Box, room: Uint8Array): Uint8Array {
  room.fill(0);
  for (const unit of units)
    forEachRow(unit, shape, slabHeight, (first, end) => room.set(mask.subarray(first, end), first));
  return room;
}

/** The values at the mask voxels of the units, in their order. */
export function gather(units: readonly Unit[], { mask, shape, slabHeight }: Box, from: Float32Array): Float32Array {
  const values = new Float32Array(units.reduce((sum, { voxels }) => sum + voxels, 0));
  let at = 0;
  for (const unit of units)
    forEachRow(unit, shape, slabHeight, (first, end) => {
      for (let i = first; i < end; i++) if (mask[i] !== 0) values[at++] = from[i] as number;
    });
  return values;
}

/** Puts gathered values where they come from. */
export function scatter(
  units: readonly Unit[],
  { mask, shape, slabHeight }: Box,
  values: Float32Array,
  to: Float32Array,
): void {
  let at = 0;
  for (const unit of units)
    forEachRow(unit, shape, slabHeight, (first, end) => {
      for (let i = first; i < end; i++) if (mask[i] !== 0) to[i] = values[at++] as number;
    });
}

export const sumCounts = (a: VoxelCounts, b: VoxelCounts): VoxelCounts => ({
  scaledVoxels: a.scaledVoxels + b.scaledVoxels,
  emptyWindows: a.emptyWindows + b.emptyWindows,
  failedFits: a.failedFits + b.failedFits,
});

export const noVoxels: VoxelCounts = { scaledVoxels: 0, emptyWindows: 0, failedFits: 0 };
