import type { PseudoAtomInput, PseudoAtoms, Shape } from '@locscale/native';
import { randomNumbers } from './helpers.js';

export type Triple = readonly [x: number, y: number, z: number];

/** Not a cube, so that a mix-up of axes shows. */
export const shape: Shape = [30, 36, 42];

export const atomsOf = ({ positions }: Pick<PseudoAtoms, 'positions'>): readonly Triple[] =>
  Array.from({ length: positions.length / 3 }, (_, i) => [...positions.slice(3 * i, 3 * i + 3)] as unknown as Triple);

export const between = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** A map or mask whose voxels come from a function of their position. */
export function voxelsOf(value: (at: Triple) => number, box: Shape = shape): Float32Array {
  const [nz, ny, nx] = box;
  return Float32Array.from({ length: nz * ny * nx }, (_, i) =>
    value([i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]),
  );
}

/** 1 within an ellipsoid in the middle of the box, whose half axes are 0.4 of its edges. */
export const ellipsoid = (box: Shape = shape): Float32Array =>
  voxelsOf(([x, y, z]) => {
    const along = (at: number, n: number): number => (at - (n - 1) / 2) / (0.4 * n);
    return Math.hypot(along(x, box[2]), along(y, box[1]), along(z, box[0])) <= 1 ? 1 : 0;
  }, box);

/** Positions at random in the mask, at least `apart` voxels from each other and two from its outside. */
export function scattered(mask: Float32Array, apart: number, count: number, seed: number): readonly Triple[] {
  const random = randomNumbers(seed);
  const found: Triple[] = [];
  while (found.length < count) {
    const at: Triple = [shape[2] * random(), shape[1] * random(), shape[0] * random()];
    const surely = [-2, 2].every((d) => [0, 1, 2].every((axis) => isInside(mask, moved(at, axis, d))));
    if (surely && found.every((other) => between(at, other) >= apart)) found.push(at);
  }
  return found;
}

const moved = (at: Triple, axis: number, by: number): Triple =>
  at.map((value, i) => (i === axis ? value + by : value)) as unknown as Triple;

/** Whether the voxel nearest to a position belongs to the mask. */
export function isInside(mask: Float32Array, [x, y, z]: Triple, box: Shape = shape): boolean {
  const [i, j, k] = [Math.floor(x + 0.5), Math.floor(y + 0.5), Math.floor(z + 0.5)];
  if (i < 0 || j < 0 || k < 0 || i >= box[2] || j >= box[1] || k >= box[0]) return false;
  return (mask[(k * box[1] + j) * box[2] + i] ?? 0) >= 0.99;
}

/** A Gaussian of the given width, voxels, at each position. */
export const blobs = (positions: readonly Triple[], width: number): Float32Array =>
  voxelsOf((at) => positions.reduce((sum, p) => sum + Math.exp(-(between(at, p) ** 2) / (2 * width ** 2)), 0));

/** A map of 150 blobs in an ellipsoid, and as many atoms to place in it. */
export function blobCase(
  changes: Partial<PseudoAtomInput> = {},
): PseudoAtomInput & { readonly truth: readonly Triple[] } {
  const mask = ellipsoid();
  const truth = scattered(mask, 3, 150, 8);
  const map = blobs(truth, 1.1);
  const rest = {
    shape,
    threshold: 0.99,
    atoms: 150,
    distance: 1.1,
    solver: 'settle',
    iterations: 1000,
    seed: 42,
  } as const;
  return { map, mask, ...rest, truth, ...changes };
}
