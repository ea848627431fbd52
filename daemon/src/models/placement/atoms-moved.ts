import type { Grid } from '@chimerax-like/rpc';
import type { Atoms } from '@locscale/native';

export type Vector = readonly [x: number, y: number, z: number];

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const lengthOf = (a: Vector): number => Math.hypot(...a);

/** Edges of the box, Å. */
export const boxEdges = ({ shape, voxelSize }: Grid): Vector => [
  shape[2] * voxelSize[0],
  shape[1] * voxelSize[1],
  shape[0] * voxelSize[2],
];

/** The point midway between the first and the last voxel. */
export const boxCentre = ({ shape, voxelSize, origin }: Grid): Vector => [
  origin[0] + ((shape[2] - 1) / 2) * voxelSize[0],
  origin[1] + ((shape[1] - 1) / 2) * voxelSize[1],
  origin[2] + ((shape[0] - 1) / 2) * voxelSize[2],
];

/** Middle of the smallest box around the atoms. */
export function atomsCentre({ positions }: Atoms): Vector {
  const [least, most] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  positions.forEach((value, i) => {
    least[i % 3] = Math.min(least[i % 3] as number, value);
    most[i % 3] = Math.max(most[i % 3] as number, value);
  });
  const middle = (axis: number): number => ((least[axis] as number) + (most[axis] as number)) / 2;
  return [middle(0), middle(1), middle(2)];
}

export function shifted<A extends Atoms>(atoms: A, by: Vector): A {
  return { ...atoms, positions: atoms.positions.map((value, i) => value + (by[i % 3] as number)) };
}

/** Axes along which a model is turned into its mirror image. */
export type Mirror = readonly [x: boolean, y: boolean, z: boolean];

/** The mirror image about a point; three mirrors are the inversion through it. */
export function mirrored<A extends Atoms>(atoms: A, mirror: Mirror, about: Vector): A {
  const positions = atoms.positions.map((value, i) =>
    mirror[i % 3] === true ? 2 * (about[i % 3] as number) - value : value,
  );
  return { ...atoms, positions };
}

/** Number of atoms whose nearest voxel lies outside the box. */
export function countOutside({ positions }: Atoms, { shape, voxelSize, origin }: Grid): number {
  let outside = 0;
  for (let i = 0; i < positions.length; i += 3) {
    const isInside = [0, 1, 2].every((axis) => {
      const at = ((positions[i + axis] as number) - (origin[axis] as number)) / (voxelSize[axis] as number);
      return at >= -0.5 && at < (shape[2 - axis] as number) - 0.5;
    });
    if (!isInside) outside += 1;
  }
  return outside;
}
