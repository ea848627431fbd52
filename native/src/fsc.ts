import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

interface FscAddon {
  fourierShellCorrelation(task: {
    half1: Float32Array;
    half2: Float32Array;
    shape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<Float64Array>;
  radialProfile(task: {
    map: Float32Array;
    shape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<Float64Array>;
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
