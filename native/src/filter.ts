import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** How much of a Fourier coefficient is kept, by its true frequency. */
export type RadialGain =
  /** Tanh low-pass times high-pass with an edge of a tenth of the cut-off (scaling.md 11); cut-offs in cycles per voxel. */
  | { readonly kind: 'tanh'; readonly lowPass?: number | undefined; readonly highPass?: number | undefined }
  /** exp(b f² / 4), b in voxels² (B in Å² over the square of the voxel size); constant beyond Nyquist. Positive b sharpens. */
  | { readonly kind: 'global-b'; readonly b: number }
  /** One gain a shell of `fourierShellCorrelation`, and the gain beyond the last one. */
  | { readonly kind: 'shells'; readonly gains: Float64Array; readonly beyond: number };

interface FilterAddon {
  applyRadialGain(task: {
    map: Float32Array;
    shape: Shape;
    filtered: Float32Array;
    lowPass?: number;
    highPass?: number;
    b?: number;
    gains?: Float64Array;
    beyond?: number;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
  cosineMask(task: {
    mask: Float32Array;
    shape: Shape;
    length: number;
    soft: Float32Array;
    control: ControlBlock;
    threads: number;
  }): Promise<void>;
}

function gainWords(gain: RadialGain): object {
  switch (gain.kind) {
    case 'tanh':
      return { lowPass: cutoff('low-pass', gain.lowPass), highPass: cutoff('high-pass', gain.highPass) };
    case 'global-b':
      if (!Number.isFinite(gain.b))
        throw new NativeError('input.parameter', `The B-factor is ${gain.b}; give a finite number.`);
      return { b: gain.b };
    case 'shells':
      return { gains: gain.gains, beyond: gain.beyond };
  }
}

function cutoff(name: string, value: number | undefined): number {
  if (value === undefined) return 0;
  if (Number.isFinite(value) && value > 0) return value;
  throw new NativeError(
    'input.parameter',
    `The cut-off of the ${name} filter is ${value} cycles per voxel; give a number above 0.`,
  );
}

/**
 * Multiplies the Fourier coefficients of a map by a gain of their frequency, in double precision; any box, odd edges
 * too. Frequencies are true ones, so boxes that are no cubes are filtered by spheres. Memory beyond the arrays: 16 bytes a voxel.
 */
export async function applyRadialGain(
  map: Float32Array,
  shape: Shape,
  gain: RadialGain,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  const words = gainWords(gain);
  const filtered = new Float32Array(map.length);
  await controlled(options, (control, threads) =>
    addon<FilterAddon>().applyRadialGain({ map, shape, filtered, ...words, control, threads }),
  );
  return filtered;
}

/** Longest edge of a cosine mask, voxels. */
const maxCosineLength = 256;

/**
 * Soft-edged mask, 0 to 1: the mask convolved along each axis with half a sine wave of `length` voxels and divided by its
 * maximum (scaling.md 11). Rejects with `input.voxels` when nothing in the mask is above 0.
 */
export async function cosineMask(
  mask: Float32Array,
  shape: Shape,
  length: number,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectShape(shape);
  expectLength('The mask', mask, voxelCount(shape));
  if (!Number.isInteger(length) || length < 1 || length > maxCosineLength)
    throw new NativeError(
      'input.parameter',
      `The edge of the mask is ${length} voxels wide; give a whole number from 1 to ${maxCosineLength}.`,
    );
  const soft = new Float32Array(mask.length);
  await controlled(options, (control, threads) =>
    addon<FilterAddon>().cosineMask({ mask, shape, length, soft, control, threads }),
  );
  return soft;
}
