import { NativeError } from './errors.js';

/** Number of voxels along (z, y, x); x runs fastest. */
export type Shape = readonly [z: number, y: number, x: number];

export const voxelCount = ([z, y, x]: Shape): number => z * y * x;

/** Shape of the half spectrum of a real transform: x frequencies 0 … floor(nx / 2) only. */
export const halfSpectrumShape = ([z, y, x]: Shape): Shape => [z, y, Math.floor(x / 2) + 1];

/** Kernels trust their arguments, so every length is checked before a call: a wrong one would read foreign memory. */
export function expectLength(name: string, array: ArrayLike<unknown>, expected: number, unit = 'voxels'): void {
  if (array.length === expected) return;
  throw new NativeError(
    'input.parameter',
    `${name} holds ${array.length} ${unit}, but ${expected} were expected; give arrays that belong to the same box.`,
  );
}

/** Edges beyond this would overflow FFTW's 32-bit strides, and no map comes near. */
const maxEdge = 16_384;

/** Refuses what is not a box. */
export function expectShape(shape: Shape): void {
  const edges: readonly number[] = shape;
  if (edges.length === 3 && edges.every((n) => Number.isInteger(n) && n >= 1 && n <= maxEdge)) return;
  throw new NativeError(
    'input.parameter',
    `The shape is (${shape.join(', ')}); expected three whole numbers (z, y, x) from 1 to ${maxEdge}.`,
  );
}
