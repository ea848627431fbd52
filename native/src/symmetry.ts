import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/**
 * Operators on voxel positions, twelve numbers each: rows (z, y, x) of [matrix | translation], so that an operator takes
 * the voxel at (z, y, x) to the position matrix · (z, y, x) + translation, in voxels.
 */
export type Operators = Float64Array;

const numbersPerOperator = 12;

interface SymmetryAddon {
  splineCoefficients(task: {
    voxels: Float32Array;
    shape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
  symmetrise(task: {
    map: Float32Array;
    shape: Shape;
    operators: Operators;
    averaged: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
  symmetryCorrelations(task: {
    map: Float32Array;
    coefficients: Float32Array;
    shape: Shape;
    voxels: Uint32Array;
    operators: Operators;
    control: ControlBlock;
    threads: number;
  }): Promise<Float64Array>;
}

function expectOperators(operators: Operators): void {
  if (
    operators.length > 0 &&
    operators.length % numbersPerOperator === 0 &&
    operators.every((number) => Number.isFinite(number))
  )
    return;
  throw new NativeError(
    'input.parameter',
    `The operators are ${operators.length} numbers; expected twelve finite ones for each, and at least one operator.`,
  );
}

/** Coefficients of the cubic B-spline through the voxels; beyond the box the map is reflected. */
export async function splineCoefficients(
  map: Float32Array,
  shape: Shape,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  const voxels = map.slice();
  await controlled(options, (control, threads) =>
    addon<SymmetryAddon>().splineCoefficients({ voxels, shape, control, threads }),
  );
  return voxels;
}

/**
 * Mean of the map over the operators' images of every voxel; images outside the box are left out of the mean, so one
 * operator must be the identity. Cubic B-spline interpolation; operators that take voxels to voxels copy exactly.
 * Memory beyond the array: 8 bytes per voxel, result included.
 */
export async function symmetrise(
  map: Float32Array,
  shape: Shape,
  operators: Operators,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectOperators(operators);
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  if (!identity.every((number, i) => operators[i] === number))
    throw new NativeError('input.parameter', 'The first operator is not the identity; put the identity first.');
  const averaged = new Float32Array(map.length);
  await controlled(options, (control, threads) =>
    addon<SymmetryAddon>().symmetrise({ map, shape, operators, averaged, control, threads }),
  );
  return averaged;
}

export interface CorrelationInput {
  readonly map: Float32Array;
  /** Of the same map. */
  readonly coefficients: Float32Array;
  readonly shape: Shape;
  /** Indices of the voxels to compare. */
  readonly voxels: Uint32Array;
  readonly operators: Operators;
}

/** Correlation of a map with itself under one operator. */
export interface SymmetryCorrelation {
  /** Pearson's coefficient; 0 where nothing varies or overlaps. */
  readonly correlation: number;
  /** Voxels that went into it: those whose image lies inside the box. */
  readonly voxels: number;
}

/** Correlation of the map with itself under each operator; the same for any number of threads. */
export async function symmetryCorrelations(
  input: CorrelationInput,
  options: CallOptions = {},
): Promise<readonly SymmetryCorrelation[]> {
  const { map, coefficients, shape, voxels, operators } = input;
  expectShape(shape);
  const length = voxelCount(shape);
  expectLength('The map', map, length);
  expectLength('The array of coefficients', coefficients, length);
  expectOperators(operators);
  if (!voxels.every((voxel) => voxel < length))
    throw new NativeError(
      'input.parameter',
      `A voxel to compare lies outside the ${length} of the map; check the list.`,
    );
  const pairs = await controlled(options, (control, threads) =>
    addon<SymmetryAddon>().symmetryCorrelations({ map, coefficients, shape, voxels, operators, control, threads }),
  );
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    correlation: pairs[2 * i] as number,
    voxels: pairs[2 * i + 1] as number,
  }));
}
