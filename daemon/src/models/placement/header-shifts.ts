import type { Grid } from '@chimerax-like/rpc';
import { boxEdges, lengthOf, type Vector } from './atoms-moved.js';

/** A shift that programs are known to leave behind, and what to call it. */
export interface KnownShift {
  readonly shift: Vector;
  readonly cause: string;
}

const times = (vector: Vector, factor: number): Vector => [vector[0] * factor, vector[1] * factor, vector[2] * factor];

/**
 * Shifts that the header of a map suggests: its ORIGIN words or NSTART counted by one program and not by another, and half
 * the box, where one program puts the origin into the middle and another into the corner.
 */
export function headerShifts(map: {
  readonly grid: Grid;
  readonly originWords: Vector;
  readonly start: Vector;
}): readonly KnownShift[] {
  const { grid, originWords, start } = map;
  const [x, y, z] = grid.voxelSize;
  const startInAngstrom: Vector = [start[0] * x, start[1] * y, start[2] * z];
  const half = times(boxEdges(grid), 0.5);
  const known: readonly KnownShift[] = [
    { shift: originWords, cause: 'which is the ORIGIN in the header of the map: the model does not count it' },
    {
      shift: times(originWords, -1),
      cause: 'which is the ORIGIN in the header of the map, taken back: it counts twice',
    },
    { shift: startInAngstrom, cause: 'which is NSTART in the header of the map: the model does not count it' },
    { shift: times(startInAngstrom, -1), cause: 'which is NSTART in the header of the map, taken back' },
    { shift: half, cause: 'which is half the box: the model has its origin in the middle of the box' },
    { shift: times(half, -1), cause: 'which is half the box: the map has its origin in the middle of the box' },
  ];
  return known.filter(({ shift }) => lengthOf(shift) > 0);
}
