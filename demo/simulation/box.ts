import type { Atom } from '../structure/atom.js';
import { add, type Vec3 } from '../structure/vector.js';

/** A cubic box of voxels; voxel [0,0,0] lies at the coordinate origin. */
export interface Box {
  /** Number of voxels along (z, y, x), all equal; x runs fastest. */
  readonly shape: readonly [number, number, number];
  /** Edge of a voxel, Å. */
  readonly voxelSize: number;
}

export const cubicBox = (edge: number, voxelSize: number): Box => ({ shape: [edge, edge, edge], voxelSize });

export const voxelCountOf = ({ shape }: Box): number => shape[0] * shape[1] * shape[2];

/** Coordinates (x, y, z) of the middle voxel, Å. */
export const centreOf = ({ shape, voxelSize }: Box): Vec3 => [
  Math.floor(shape[2] / 2) * voxelSize,
  Math.floor(shape[1] / 2) * voxelSize,
  Math.floor(shape[0] / 2) * voxelSize,
];

/** The atoms moved so that the middle of their extent is the middle voxel of the box. */
export const centreInBox = (atoms: readonly Atom[], box: Box): Atom[] => {
  const centre = centreOf(box);
  const shiftAlong = (axis: 0 | 1 | 2): number => {
    const coordinates = atoms.map((atom) => atom.position[axis]);
    const low = coordinates.reduce((a, b) => Math.min(a, b), Infinity);
    const high = coordinates.reduce((a, b) => Math.max(a, b), -Infinity);
    return centre[axis] - (low + high) / 2;
  };
  const shift: Vec3 = [shiftAlong(0), shiftAlong(1), shiftAlong(2)];
  return atoms.map((atom) => ({ ...atom, position: add(atom.position, shift) }));
};
