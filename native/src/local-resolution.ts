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
  /** Edge w of the window in voxels, even, 8 to 128 and not above the box's; half of that is how wide its Hann taper is at half height. */
  readonly windowSize: number;
  /** Å. */
  readonly voxelSize: number;
  /** Value of the FSC at which the resolution is read, between 0 and 1. */
  readonly threshold: number;
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
  /** FSC of shells 0 … windowSize / 2 - 1 for each mask voxel in C order, when asked for. */
  readonly curves?: Float32Array;
}

interface LocalResolutionAddon {
  localResolution(
    task: LocalResolutionInput & {
      resolution: Float32Array;
      curves: Float32Array | undefined;
      control: ControlBlock;
      threads: number;
    },
  ): Promise<LocalResolutionCounts>;
  whitenHalfMaps(task: {
    half1: Float32Array;
    half2: Float32Array;
    shape: Shape;
    whitened1: Float32Array;
    whitened2: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<Float64Array>;
  smoothByBSpline(task: {
    values: Float32Array;
    shape: Shape;
    spacing: number;
    smooth: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
  localFilter(task: {
    map: Float32Array;
    shape: Shape;
    resolution: Float32Array;
    voxelSize: number;
    filtered: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
}

/** First shell of a window that is looked at: the mean of the window leaks into shells 0 and 1. */
const firstShell = 2;

/** The worst resolution, Å, that windows of this size can give. */
export const lowestResolution = (windowSize: number, voxelSize: number): number =>
  (windowSize * voxelSize) / (firstShell + 0.5);

/**
 * Local resolution of two half maps: the FSC in the window around every mask voxel, and where it first falls below the threshold
 * (docs/local-resolution.md). Bitwise the same for any number of threads on one kind of processor.
 * Memory beyond the arrays: 1.2 bytes per voxel and 10–60 MB per thread.
 */
export async function localResolution(
  input: LocalResolutionInput,
  options: LocalResolutionOptions = {},
): Promise<LocalResolution> {
  const { half1, half2, mask, shape, windowSize, voxelSize, threshold } = input;
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
      ...input,
      resolution,
      curves,
      control,
      threads,
    }),
  );
  return { resolution, ...counts, ...(curves === undefined ? {} : { curves }) };
}

export interface WhitenedHalfMaps {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  /** FSC of the whole maps, before and after alike, one value for each shell. */
  readonly fsc: Float64Array;
}

/**
 * Both half maps divided by one radial curve, the root of the mean power of their Fourier coefficients in shells: their FSC stays
 * what it is, and windows of them leak far less from strong shells into weak ones. Voxels that are exactly 0 stay 0. In single
 * precision. Memory beyond the arrays: 8 bytes per voxel.
 */
export async function whitenHalfMaps(
  half1: Float32Array,
  half2: Float32Array,
  shape: Shape,
  options: CallOptions = {},
): Promise<WhitenedHalfMaps> {
  expectShape(shape);
  expectLength('The first half map', half1, voxelCount(shape));
  expectLength('The second half map', half2, voxelCount(shape));
  const [whitened1, whitened2] = [new Float32Array(half1.length), new Float32Array(half2.length)];
  const fsc = await controlled(options, (control, threads) =>
    addon<LocalResolutionAddon>().whitenHalfMaps({ half1, half2, shape, whitened1, whitened2, control, threads }),
  );
  return { half1: whitened1, half2: whitened2, fsc };
}

/**
 * Low-pass of each voxel at its own resolution in Å (0: at the lowest that is present), with the tanh edge of `applyRadialGain`: the
 * map is filtered whole at cut-offs a twentieth apart, and voxels are interpolated between them. In single precision.
 * Memory beyond the arrays: 12 bytes per voxel.
 */
export async function localFilter(
  map: Float32Array,
  shape: Shape,
  resolution: Float32Array,
  voxelSize: number,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectLength('The local resolution', resolution, voxelCount(shape));
  const filtered = new Float32Array(map.length);
  await controlled(options, (control, threads) =>
    addon<LocalResolutionAddon>().localFilter({ map, shape, resolution, voxelSize, filtered, control, threads }),
  );
  return filtered;
}

/** Largest knot spacing of the smoothing, voxels. */
const maxSpacing = 64;

/**
 * Each value above 0 replaced by the mean of the values above 0 around it, weighted by cubic B-splines with knots `spacing` voxels
 * apart; 0 stays 0 and takes no part. Memory beyond the arrays: 4 bytes per voxel.
 */
export async function smoothByBSpline(
  values: Float32Array,
  shape: Shape,
  spacing: number,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', values, voxelCount(shape));
  if (!(spacing > 0 && spacing <= maxSpacing))
    throw new NativeError(
      'input.parameter',
      `The knots of the smoothing lie ${spacing} voxels apart; give a distance above 0 and up to ${maxSpacing} voxels.`,
    );
  const smooth = new Float32Array(values.length);
  await controlled(options, (control, threads) =>
    addon<LocalResolutionAddon>().smoothByBSpline({ values, shape, spacing, smooth, control, threads }),
  );
  return smooth;
}
