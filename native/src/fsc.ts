import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

interface ProfileTask {
  readonly map: Float32Array;
  readonly shape: Shape;
  readonly control: ControlBlock;
  readonly threads: number;
}

interface FscAddon {
  fourierShellCorrelation(task: {
    half1: Float32Array;
    half2: Float32Array;
    shape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<Float64Array>;
  radialProfile(task: ProfileTask): Promise<Float64Array>;
  octantProfile(task: ProfileTask): Promise<Float64Array>;
  randomisePhases(task: ProfileTask & { firstShell: number; seed: number; randomised: Float32Array }): Promise<void>;
}

/**
 * Lower edge of every shell in 1/Å: r / (n · voxel size), n the longest edge of the box, r = 0 … floor(n / 2) - 1.
 * Both curves below have one value per shell.
 */
export function shellFrequencies(shape: Shape, voxelSize: number): Float64Array {
  expectShape(shape);
  const edge = Math.max(...shape);
  return Float64Array.from({ length: Math.floor(edge / 2) }, (_, r) => r / (edge * voxelSize));
}

/**
 * Fourier shell correlation of two half maps, in double precision. Shells are spheres of true frequency in every box;
 * for a cube they are LocScale's floor(sqrt(z² + y² + x²)). Memory beyond the arrays: 16 bytes per voxel.
 */
export async function fourierShellCorrelation(
  half1: Float32Array,
  half2: Float32Array,
  shape: Shape,
  options: CallOptions = {},
): Promise<Float64Array> {
  expectShape(shape);
  expectLength('The first half map', half1, voxelCount(shape));
  expectLength('The second half map', half2, voxelCount(shape));
  return controlled(options, (control, threads) =>
    addon<FscAddon>().fourierShellCorrelation({ half1, half2, shape, control, threads }),
  );
}

/** Mean amplitude |F| (transform not normalised) in each of the same shells. Memory beyond the array: 8 bytes per voxel. */
export async function radialProfile(map: Float32Array, shape: Shape, options: CallOptions = {}): Promise<Float64Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  return controlled(options, (control, threads) => addon<FscAddon>().radialProfile({ map, shape, control, threads }));
}

/**
 * Mean |F| of the octant of each shell whose array indices are not folded: LocScale's own global profile (scaling.md 11). It
 * differs from `radialProfile` by 3–19 % a shell and depends on which way the axes point.
 */
export async function octantProfile(map: Float32Array, shape: Shape, options: CallOptions = {}): Promise<Float64Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  return controlled(options, (control, threads) => addon<FscAddon>().octantProfile({ map, shape, control, threads }));
}

/**
 * The map with random phases from shell `firstShell` on and its amplitudes kept (Chen et al., Ultramicroscopy 135, 24, 2013). The same
 * seed, a whole number below 2³¹, gives the same map. Memory beyond the arrays: 16 bytes a voxel.
 */
export async function randomisePhases(
  map: Float32Array,
  shape: Shape,
  firstShell: number,
  seed: number,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  if (![firstShell, seed].every((n) => Number.isInteger(n) && n >= 0 && n < 2 ** 31))
    throw new NativeError(
      'input.parameter',
      `The first shell is ${firstShell} and the seed ${seed}; give whole numbers from 0 to 2147483647.`,
    );
  const randomised = new Float32Array(map.length);
  await controlled(options, (control, threads) =>
    addon<FscAddon>().randomisePhases({ map, shape, firstShell, seed, randomised, control, threads }),
  );
  return randomised;
}
