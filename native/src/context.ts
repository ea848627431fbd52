import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

export interface SubtractContextInput {
  /** Probability of each voxel to be context (detergent, nanodisc, membrane), C order (z, y, x). */
  readonly probability: Float32Array;
  /** The map that it is taken out of, on the same grid. */
  readonly target: Float32Array;
  readonly shape: Shape;
  /** Voxels of at least this probability are context. */
  readonly threshold: number;
  /** Edge of the cube over which the binary mask is averaged, voxels, 1 to 20; 1 leaves it binary. */
  readonly smoothing: number;
  /** Only the largest component is context; voxels that share faces hang together. */
  readonly largest: boolean;
  /** Keep the context and remove everything else. */
  readonly inverse: boolean;
}

export interface SubtractedContext {
  /** Target · (1 - mask), or target · mask for the inverse. */
  readonly cleaned: Float32Array;
  /** The smoothed mask, 0 to 1; empty when it is not wanted. */
  readonly mask: Float32Array;
  /** Voxels of each component, the largest first. */
  readonly components: Float64Array;
  /** Voxels of those that are taken as context. */
  readonly contextVoxels: number;
}

export interface SubtractContextOptions extends CallOptions {
  /** Where the cleaned map goes; default: a new array. */
  readonly cleaned?: Float32Array | undefined;
  /** Whether the smoothed mask is wanted, too. */
  readonly withMask?: boolean | undefined;
}

/** Largest edge of the smoothing cube, SURFER's. */
export const largestSmoothing = 20;

interface ContextAddon {
  subtractContext(task: {
    probability: Float32Array;
    target: Float32Array;
    shape: Shape;
    threshold: number;
    smoothing: number;
    largest: 0 | 1;
    inverse: 0 | 1;
    cleaned: Float32Array;
    smooth: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<Omit<SubtractedContext, 'cleaned' | 'mask'>>;
}

/**
 * Removes context from a map: threshold, largest component, averaging over a cube (SciPy's `uniform_filter` with mode "reflect"), product. Where the
 * mask is 0 the target comes through bit for bit; nothing above the threshold is no error. Memory beyond the arrays: 12 bytes a run of context voxels, 2
 * bytes a voxel of the box around the context.
 */
export async function subtractContext(
  input: SubtractContextInput,
  { cleaned: given, withMask = false, ...options }: SubtractContextOptions = {},
): Promise<SubtractedContext> {
  const { probability, target, shape, threshold, smoothing, largest, inverse } = input;
  expectShape(shape);
  const voxels = voxelCount(shape);
  expectLength('The probability map', probability, voxels);
  expectLength('The target', target, voxels);
  if (!Number.isFinite(threshold))
    throw new NativeError('input.parameter', `The threshold is ${threshold}; give a number, for example 0.5.`);
  if (!Number.isInteger(smoothing) || smoothing < 1 || smoothing > largestSmoothing)
    throw new NativeError(
      'input.parameter',
      `The smoothing is ${smoothing} voxels; give a whole number from 1 (none) to ${largestSmoothing}.`,
    );
  const cleaned = given ?? new Float32Array(voxels);
  expectLength('The array for the cleaned map', cleaned, voxels);
  const mask = new Float32Array(withMask ? voxels : 0);
  const report = await controlled(options, (control, threads) =>
    addon<ContextAddon>().subtractContext({
      probability,
      target,
      shape,
      threshold,
      smoothing,
      largest: largest ? 1 : 0,
      inverse: inverse ? 1 : 0,
      cleaned,
      smooth: mask,
      control,
      threads,
    }),
  );
  return { cleaned, mask, ...report };
}
