import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

interface ResampleAddon {
  fourierResample(task: {
    map: Float32Array;
    shape: Shape;
    target: Float32Array;
    targetShape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
  splineResample(task: {
    map: Float32Array;
    shape: Shape;
    order: number;
    stepZ: number;
    stepY: number;
    stepX: number;
    zeroOutside: number;
    target: Float32Array;
    targetShape: Shape;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
}

/**
 * Resamples by cutting or zero-filling the spectrum: the box keeps its size in Å, voxel [0,0,0] its place, the values their
 * scale. Double precision. Memory beyond the arrays: 8 bytes a voxel of the map and 16 a voxel of the result.
 */
export async function fourierResample(
  map: Float32Array,
  shape: Shape,
  targetShape: Shape,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectShape(targetShape);
  expectLength('The map', map, voxelCount(shape));
  const target = new Float32Array(voxelCount(targetShape));
  await controlled(options, (control, threads) =>
    addon<ResampleAddon>().fourierResample({ map, shape, target, targetShape, control, threads }),
  );
  return target;
}

export interface SplineGrid {
  readonly shape: Shape;
  /** Distance (z, y, x) of two voxels of the result, in voxels of the map; voxel [0,0,0] is the map's. */
  readonly step: readonly [z: number, y: number, x: number];
  /** What lies beyond the map's last voxel: its value, or 0 as LocScale has it. */
  readonly outside: 'edge' | 'zero';
}

/** Resamples by splines of order 1 (linear) or 2 (quadratic, prefiltered) in double precision. */
export async function splineResample(
  map: Float32Array,
  shape: Shape,
  order: 1 | 2,
  grid: SplineGrid,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectShape(grid.shape);
  expectLength('The map', map, voxelCount(shape));
  const [stepZ, stepY, stepX] = grid.step;
  if (!grid.step.every((step) => Number.isFinite(step) && step >= 0))
    throw new NativeError(
      'input.parameter',
      `The steps are (${grid.step.join(', ')}) voxels; give numbers of at least 0.`,
    );
  const target = new Float32Array(voxelCount(grid.shape));
  const zeroOutside = grid.outside === 'zero' ? 1 : 0;
  await controlled(options, (control, threads) =>
    addon<ResampleAddon>().splineResample({
      map,
      shape,
      order,
      stepZ,
      stepY,
      stepX,
      zeroOutside,
      target,
      targetShape: grid.shape,
      control,
      threads,
    }),
  );
  return target;
}
