import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { splineResample } from '@locscale/native';
import type { Step } from '../context.js';

/** How much two boxes may differ and still be the same, in voxels of the coarser grid. */
const boxTolerance = 0.5;
const voxelSizeTolerance = 0.01;

/** Whether two grids have the same voxels. */
export const haveSameVoxels = (a: Grid, b: Grid): boolean =>
  a.shape.every((n, axis) => n === b.shape[axis]) &&
  a.voxelSize.every((size, axis) => Math.abs(size / (b.voxelSize[axis] as number) - 1) <= voxelSizeTolerance);

/** Refuses, with numbers, a target over another box than the map's. */
export function checkTarget(map: Grid, target: Grid): void {
  if (haveSameVoxels(map, target)) return;
  const coarser = Math.max(...map.voxelSize, ...target.voxelSize);
  const mapBox = edges(map);
  const targetBox = edges(target);
  const far = (a: readonly number[], b: readonly number[]): boolean =>
    a.some((value, axis) => Math.abs(value - (b[axis] as number)) > boxTolerance * coarser);
  if (!far(mapBox, targetBox) && !far(map.origin, target.origin)) return;
  throw new LocScaleError(
    'input.mismatch',
    `The target has ${target.shape.join(' × ')} voxels (z, y, x) over ${inAngstrom(targetBox)} Å from (${inAngstrom(target.origin, ', ')}) Å, but the map ${map.shape.join(
      ' × ',
    )} over ${inAngstrom(mapBox)} Å from (${inAngstrom(map.origin, ', ')}) Å; give a target over the same box, at any voxel size.`,
    { seen: targetBox, expected: mapBox },
  );
}

export interface OntoTargetInput {
  readonly context: Float32Array;
  readonly from: Grid;
  readonly to: Grid;
}

/** Brings the probabilities onto the target's voxels, linearly between those of the map; voxel [0,0,0] lies on voxel [0,0,0]. */
export const ontoTarget: Step<OntoTargetInput, Float32Array> = {
  name: 'ontoTarget',
  version: 1,
  run: async ({ context, from, to }, { signal }) => {
    const step = (axis: 0 | 1 | 2): number => (to.voxelSize[2 - axis] as number) / (from.voxelSize[2 - axis] as number);
    const grid = { shape: to.shape, step: [step(0), step(1), step(2)], outside: 'edge' } as const;
    return splineResample(context, from.shape, 1, grid, { signal });
  },
};

/** Edges of the box (x, y, z), Å. */
const edges = ({ shape: [z, y, x], voxelSize }: Grid): readonly number[] => [
  x * voxelSize[0],
  y * voxelSize[1],
  z * voxelSize[2],
];
const inAngstrom = (values: readonly number[], between = ' × '): string =>
  values.map((value) => value.toFixed(1)).join(between);
