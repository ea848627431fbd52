import { type Grid, LocScaleError, type Region } from '@chimerax-like/rpc';
import { stepToShow } from './voxels.js';

/** How much of a map's voxels a viewer draws; jobs always use all. */
export type Detail =
  /** As many as can be drawn fluently: every n-th along each axis. */
  | { readonly kind: 'coarse' }
  /** All of a box around a point (Å). */
  | { readonly kind: 'around'; readonly centre: readonly [number, number, number] }
  | { readonly kind: 'all' };

export const coarse: Detail = { kind: 'coarse' };

/** The part of a volume that is fetched. */
export interface Part {
  readonly step: number;
  /** Half-open ranges along z, y, x; undefined: the whole box. */
  readonly region: Region | undefined;
}

/** `most`: voxels that can be drawn fluently. */
export function partOf(detail: Detail, grid: Grid, most: number): Part {
  switch (detail.kind) {
    case 'coarse':
      return { step: stepToShow(grid.shape, most), region: undefined };
    case 'all':
      return { step: 1, region: undefined };
    case 'around':
      return { step: 1, region: boxAround(detail.centre, grid, Math.floor(Math.cbrt(most))) };
  }
}

/** Edge of the largest cube that is drawn whole: beyond it a browser's page runs out of memory, at 8 bytes a voxel and the surface. */
const largestEdge = 640;

/** Refuses to draw all voxels of a map that no browser could hold. */
export function assertDrawable({ shape }: Grid): void {
  if (shape[0] * shape[1] * shape[2] <= largestEdge ** 3) return;
  throw new LocScaleError(
    'limit.size',
    `The map has ${shape.join(' × ')} voxels, all can be drawn of up to ${largestEdge}³; show those around the centre instead.`,
  );
}

/** A cube of at most `edge` voxels around a point, moved into the box where it would leave it. */
function boxAround(centre: readonly [number, number, number], grid: Grid, edge: number): Region {
  const [z, y, x] = ([2, 1, 0] as const).map((axis): [number, number] => {
    const n = grid.shape[2 - axis] as number;
    const length = Math.min(edge, n);
    const middle = Math.round((centre[axis] - grid.origin[axis]) / grid.voxelSize[axis]);
    const first = Math.min(Math.max(0, middle - Math.floor(length / 2)), n - length);
    return [first, first + length];
  }) as [[number, number], [number, number], [number, number]];
  return [z, y, x];
}

export const samePart = (a: Part, b: { readonly step: number; readonly region?: Region | undefined }): boolean =>
  a.step === b.step && JSON.stringify(a.region) === JSON.stringify(b.region);
