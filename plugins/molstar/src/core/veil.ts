import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import type { Voxels } from './voxels.js';

/** Which voxels a veil hides, by the value that the veil's map has there. */
export type VeilRule =
  /** Below the threshold: confidence as a share. */
  | 'below'
  /** At the threshold and above: probability of detergent. */
  | 'at-least'
  /** |value| above 100 − threshold: pVDDT, which is 0 where density is sure and ±100 where it is not. */
  | 'doubtful';

/** Hides part of a map by another one. */
export interface Veil {
  /** The map that decides, by its slot. */
  readonly by: string;
  readonly rule: VeilRule;
  readonly threshold: number;
}

/** Copies `map` with all that the veils hide set to `hidden`, into `target` where that has the right length. */
export function drawVeils(
  map: Voxels,
  veils: readonly { readonly veil: Veil; readonly voxels: Voxels }[],
  hidden: number,
  target: Float32Array<ArrayBuffer> | undefined,
): Float32Array<ArrayBuffer> {
  const { values } = map;
  const result = target?.length === values.length ? target : new Float32Array(values.length);
  result.set(values);
  for (const { veil, voxels } of veils) hideBy(map.grid, voxels, hides(veil), hidden, result);
  return result;
}

function hides({ rule, threshold }: Veil): (value: number) => boolean {
  switch (rule) {
    case 'below':
      return (value) => value < threshold;
    case 'at-least':
      return (value) => value >= threshold;
    case 'doubtful':
      return (value) => Math.abs(value) > 100 - threshold;
  }
}

/** Position by position: the two may be drawn in different detail, every n-th voxel or part of the box. */
function hideBy(
  grid: Grid,
  { grid: other, values }: Voxels,
  isHidden: (value: number) => boolean,
  hidden: number,
  result: Float32Array,
): void {
  const [zs, ys, xs] = [nearest(grid, other, 2), nearest(grid, other, 1), nearest(grid, other, 0)];
  if (![zs, ys, xs].every((indices) => indices.some((index) => index >= 0))) throw elsewhere(grid, other);
  const [, ny, nx] = other.shape;
  let i = 0;
  for (const z of zs)
    for (const y of ys) {
      const row = (z * ny + y) * nx;
      for (const x of xs) {
        if (z >= 0 && y >= 0 && x >= 0 && isHidden(values[row + x] as number)) result[i] = hidden;
        i++;
      }
    }
}

/** For each voxel of one grid along an axis (0 is x) the nearest of another; −1 beyond its end. */
function nearest(grid: Grid, other: Grid, axis: 0 | 1 | 2): Int32Array {
  const [n, count] = [grid.shape[2 - axis] as number, other.shape[2 - axis] as number];
  const offset = (grid.origin[axis] - other.origin[axis]) / other.voxelSize[axis];
  const ratio = grid.voxelSize[axis] / other.voxelSize[axis];
  return Int32Array.from({ length: n }, (_, i) => {
    // The last voxels of an axis may have been left out of a coarser copy.
    const index = Math.round(offset + i * ratio - 1e-6);
    return index < 0 || index > count ? -1 : Math.min(index, count - 1);
  });
}

function elsewhere(grid: Grid, other: Grid): LocScaleError {
  const place = ({ shape, origin }: Grid): string => `${shape.join(' × ')} voxels from (${origin.join(', ')}) Å on`;
  return new LocScaleError(
    'input.mismatch',
    `The map to hide by has ${place(other)} and covers nothing of the map shown, which has ${place(grid)}; choose one that was made from the same map.`,
  );
}
