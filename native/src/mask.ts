import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** First corner (z, y, x) of a noise box, voxels. */
export type Corner = readonly [z: number, y: number, x: number];

/** The cubes that noise is measured in: one edge, any number of corners. */
export interface NoiseBoxes {
  readonly edge: number;
  readonly corners: readonly Corner[];
}

export interface ConfidenceInput {
  /** Map, C order (z, y, x). */
  readonly map: Float32Array;
  readonly shape: Shape;
  readonly noise: NoiseBoxes;
  /** Cut-off of a tanh low-pass before the test, cycles per voxel (voxel size / resolution); none by default. */
  readonly lowPass?: number | undefined;
  /** False discovery rate, above 0 and below 1; voxels of confidence 1 - rate and more form the mask. */
  readonly rate: number;
}

export interface ConfidenceMask {
  /** 1 - q of every voxel; 0 outside the ball that is tested. */
  readonly confidence: Float32Array;
  /** 1 inside, 0 outside. */
  readonly mask: Uint8Array;
  readonly noiseMean: number;
  /** Population variance. */
  readonly noiseVariance: number;
  readonly ballVoxels: number;
  readonly maskedVoxels: number;
  /** Smallest value of the (filtered) map inside the mask; null when the mask is empty. */
  readonly mapThreshold: number | null;
  readonly highestConfidence: number;
}

interface MaskAddon {
  confidenceMask(task: {
    map: Float32Array;
    shape: Shape;
    corners: Int32Array;
    boxEdge: number;
    lowPass: number;
    rate: number;
    confidence: Float32Array;
    mask: Uint8Array;
    control: ControlBlock;
    threads: number;
  }): Promise<Omit<ConfidenceMask, 'confidence' | 'mask'>>;
}

function expectBoxes({ edge, corners }: NoiseBoxes, shape: Shape): void {
  if (!Number.isInteger(edge) || edge < 2 || corners.length === 0)
    throw new NativeError(
      'input.parameter',
      `There are ${corners.length} noise boxes of ${edge} voxels; give at least one, with an edge of at least 2.`,
    );
  for (const corner of corners) {
    if (corner.every((at, axis) => Number.isInteger(at) && at >= 0 && at + edge <= (shape[axis] ?? 0))) continue;
    throw new NativeError(
      'input.parameter',
      `The noise box of ${edge} voxels from (${corner.join(', ')}) leaves the map of ${shape.join(' × ')} voxels (z, y, x); give a smaller box or another place.`,
    );
  }
}

/**
 * Confidence map and mask by control of the false discovery rate, voxel for voxel as LocScale 2.3.1 makes them
 * (scaling.md 6.1; Beckers, Jakobi & Sachse, IUCrJ 6, 18, 2019). Rejects with `input.voxels` when the noise boxes hold no noise; an
 * empty mask is no error here. Memory beyond the arrays: about a byte a voxel, 16 more with a low-pass.
 */
export async function confidenceMask(input: ConfidenceInput, options: CallOptions = {}): Promise<ConfidenceMask> {
  const { map, shape, noise, lowPass = 0, rate } = input;
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectBoxes(noise, shape);
  if (!(rate > 0 && rate < 1))
    throw new NativeError(
      'input.parameter',
      `The false discovery rate is ${rate}; give a number above 0 and below 1, for example 0.01.`,
    );
  if (!(Number.isFinite(lowPass) && lowPass >= 0))
    throw new NativeError('input.parameter', `The low-pass cut-off is ${lowPass} cycles per voxel; give 0 or more.`);
  const confidence = new Float32Array(map.length);
  const mask = new Uint8Array(map.length);
  const corners = Int32Array.from(noise.corners.flat());
  const report = await controlled(options, (control, threads) =>
    addon<MaskAddon>().confidenceMask({
      map,
      shape,
      corners,
      boxEdge: noise.edge,
      lowPass,
      rate,
      confidence,
      mask,
      control,
      threads,
    }),
  );
  return { confidence, mask, ...report };
}
