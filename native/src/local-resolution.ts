import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** Two half maps of one shape in C order (z, y, x), and where and how to correlate them. */
export interface LocalResolutionInput {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  /** Nonzero: a voxel of interest. */
  readonly mask: Uint8Array;
  readonly shape: Shape;
  /** Edge w of the window in voxels, even, 8 to 128; half of that is how wide its Hann taper is at half height. */
  readonly windowSize: number;
  /** Å. */
  readonly voxelSize: number;
  /** Value of the FSC at which the resolution is read, between 0 and 1. */
  readonly threshold: number;
  /** What windows see beyond the box. */
  readonly fill: { readonly half1: number; readonly half2: number };
}

export interface LocalResolutionOptions extends CallOptions {
  /** Also return the FSC curve of every mask voxel; 2 · windowSize bytes for each. */
  readonly curves?: boolean;
}

/** What became of the mask voxels. */
export interface LocalResolutionCounts {
  readonly voxels: number;
  /** Nothing in the window of one half map: resolution 0. */
  readonly emptyWindows: number;
  /** FSC never below the threshold: two voxels, the Nyquist limit. */
  readonly beyondNyquist: number;
  /** FSC below it from the first shell on: `lowestResolution`. */
  readonly unresolved: number;
}

export interface LocalResolution extends LocalResolutionCounts {
  /** Å; 0 outside the mask and where the window is empty. */
  readonly resolution: Float32Array;
  /** FSC of shells 0 … windowSize / 2 - 1 (not smoothed) for each mask voxel in C order, when asked for. */
  readonly curves?: Float32Array;
}

interface LocalResolutionAddon {
  localResolution(
    task: Omit<LocalResolutionInput, 'fill'> & {
      fill1: number;
      fill2: number;
      resolution: Float32Array;
      curves: Float32Array | undefined;
      control: ControlBlock;
      threads: number;
    },
  ): Promise<LocalResolutionCounts>;
}

/** First shell of a window that is looked at: the mean of the window leaks into shells 0 and 1. */
const firstShell = 2;

/** The worst resolution, Å, that windows of this size can give. */
export const lowestResolution = (windowSize: number, voxelSize: number): number =>
  (windowSize * voxelSize) / (firstShell + 0.5);

/**
 * Local resolution of two half maps: the FSC in the window around every mask voxel, and where it first falls below the threshold
 * (docs/local-resolution.md). Bitwise the same for any number of threads on one kind of processor.
 * Memory beyond the arrays: an eighth of a byte per voxel and 10–60 MB per thread.
 */
export async function localResolution(
  input: LocalResolutionInput,
  options: LocalResolutionOptions = {},
): Promise<LocalResolution> {
  const { fill, ...rest } = input;
  const { half1, half2, mask, shape, windowSize, voxelSize, threshold } = rest;
  expectShape(shape);
  const voxels = voxelCount(shape);
  expectLength('The first half map', half1, voxels);
  expectLength('The second half map', half2, voxels);
  expectLength('The mask', mask, voxels);
  if (!(threshold > 0 && threshold < 1))
    throw new NativeError(
      'input.parameter',
      `The FSC threshold is ${threshold}, expected a number between 0 and 1; usual are 0.143 and 0.5.`,
    );
  if (!(voxelSize > 0 && Number.isFinite(voxelSize)))
    throw new NativeError('input.parameter', `The voxel size is ${voxelSize} Å, expected a number above 0.`);
  const resolution = new Float32Array(voxels);
  const inside = options.curves === true ? mask.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0) : 0;
  const curves = options.curves === true ? new Float32Array((inside * windowSize) / 2) : undefined;
  const counts = await controlled(options, (control, threads) =>
    addon<LocalResolutionAddon>().localResolution({
      ...rest,
      fill1: fill.half1,
      fill2: fill.half2,
      resolution,
      curves,
      control,
      threads,
    }),
  );
  return { resolution, ...counts, ...(curves === undefined ? {} : { curves }) };
}
