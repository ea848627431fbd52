import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** Statistics over all finite voxels, accumulated in double precision. */
export interface MapStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation about the mean (population), the RMS word of an MRC header. */
  readonly sd: number;
  readonly zeros: number;
  /** Voxels that are NaN or infinite. */
  readonly nonFinite: number;
  /** Index of the first of them in C order, or null. */
  readonly firstNonFinite: number | null;
}

/** The surface where a map has one value. */
export interface ContourSurface {
  /** Å². */
  readonly area: number;
  /** Voxels at or above the level. */
  readonly enclosed: number;
  /** Pieces of them; voxels that share a face, an edge or a corner belong together. */
  readonly regions: number;
}

interface MapAddon {
  statistics(task: { voxels: Float32Array; control: ControlBlock; threads: number }): Promise<MapStatistics>;
  contourLevel(task: { voxels: Float32Array; count: number }): Promise<number>;
  surface(task: {
    voxels: Float32Array;
    shape: Shape;
    spacingZ: number;
    spacingY: number;
    spacingX: number;
    level: number;
    control: ControlBlock;
    threads: number;
  }): Promise<ContourSurface>;
  combineHalfMaps(task: {
    half1: Float32Array;
    half2: Float32Array;
    full: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
}

/** Statistics of all voxels; the same for any number of threads. */
export function statistics(voxels: Float32Array, options: CallOptions = {}): Promise<MapStatistics> {
  return controlled(options, (control, threads) => addon<MapAddon>().statistics({ voxels, control, threads }));
}

/** Full map = (half1 + half2) / 2 in float32, as LocScale makes it. */
export async function combineHalfMaps(
  half1: Float32Array,
  half2: Float32Array,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectLength('The second half map', half2, half1.length);
  const full = new Float32Array(half1.length);
  await controlled(options, (control, threads) =>
    addon<MapAddon>().combineHalfMaps({ half1, half2, full, control, threads }),
  );
  return full;
}

/** The contour level that encloses `count` voxels: the value that so many reach. Memory beyond the map: 4 bytes a voxel. */
export async function contourLevel(voxels: Float32Array, count: number): Promise<number> {
  if (!(Number.isInteger(count) && count >= 1 && count <= voxels.length))
    throw new NativeError(
      'input.parameter',
      `A level that encloses ${count} voxels was asked for; the map has ${voxels.length}.`,
    );
  return addon<MapAddon>().contourLevel({ voxels, count });
}

/**
 * Area of the surface at a contour level, by marching tetrahedra with the map linear between its voxels, and the number of
 * pieces that it encloses. `voxelSize` is (x, y, z) in Å. The flat pieces lie inside a round surface, so the area of a ball of
 * radius r voxels comes out too small by 0.26 / r²: 3 % at 3 voxels, 0.2 % at 12 (test/native/surface.test.ts). The same for
 * any number of threads.
 */
export function contourSurface(
  voxels: Float32Array,
  shape: Shape,
  voxelSize: readonly [x: number, y: number, z: number],
  level: number,
  options: CallOptions = {},
): Promise<ContourSurface> {
  expectShape(shape);
  expectLength('The map', voxels, voxelCount(shape));
  const [spacingX, spacingY, spacingZ] = voxelSize;
  return controlled(options, (control, threads) =>
    addon<MapAddon>().surface({ voxels, shape, spacingZ, spacingY, spacingX, level, control, threads }),
  );
}
