import { LocScaleError, type Grid, type Warning } from '@chimerax-like/rpc';

/** Largest relative difference of voxel sizes that is taken for rounding in a header. */
const voxelSizeTolerance = 0.01;
/** Largest shift of the origin, in voxels, that is taken for rounding. */
const originTolerance = 0.1;

const rounded = (numbers: readonly number[]): string => numbers.map((n) => Number(n.toPrecision(6))).join(', ');

/**
 * Refuses two volumes that do not lie on the same grid: the shape must be equal and the voxel size within 1 %. Different
 * origins only warn, since half maps, masks and model maps of one reconstruction often lose theirs; voxels are matched by index.
 */
export const assertSameGrid = (a: Grid, nameA: string, b: Grid, nameB: string): readonly Warning[] => {
  if (a.shape.some((n, i) => n !== b.shape[i]))
    throw new LocScaleError(
      'input.mismatch',
      `The box of ${nameB} has ${b.shape.join(' × ')} voxels (z, y, x), but that of ${nameA} has ${a.shape.join(' × ')}; both must be the same, so crop or pad one of them.`,
      { seen: b.shape, expected: a.shape },
    );
  const sameSize = a.voxelSize.every((size, i) => {
    const other = b.voxelSize[i] as number;
    return Math.abs(size - other) <= voxelSizeTolerance * Math.min(size, other);
  });
  if (!sameSize)
    throw new LocScaleError(
      'input.mismatch',
      `The voxel size of ${nameB} is ${rounded(b.voxelSize)} Å, but that of ${nameA} is ${rounded(a.voxelSize)} Å; both must agree within 1 %, so correct the wrong header or resample one map.`,
      { seen: b.voxelSize, expected: a.voxelSize },
    );
  const sameOrigin = a.origin.every(
    (value, i) => Math.abs(value - (b.origin[i] as number)) <= originTolerance * (a.voxelSize[i] as number),
  );
  if (sameOrigin) return [];
  const message = `The origin of ${nameB} is (${rounded(b.origin)}) Å, that of ${nameA} (${rounded(a.origin)}) Å; voxels are matched by index, and outputs take the origin of ${nameA}.`;
  return [{ kind: 'grid.origin-differs', message }];
};
