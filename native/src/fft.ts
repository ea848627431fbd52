import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, halfSpectrumShape, voxelCount, type Shape } from './shape.js';

/** Real voxels; the element type chooses single or double precision. */
export type RealArray = Float32Array | Float64Array;

/** Half spectrum (z, y, floor(x / 2) + 1) as interleaved (re, im) pairs. */
export type Spectrum<A extends RealArray = RealArray> = A;

interface FftTask {
  readonly real: RealArray;
  readonly spectrum: RealArray;
  readonly shape: Shape;
  readonly control: ControlBlock;
  readonly threads: number;
}

interface FftAddon {
  fft3(task: FftTask): Promise<void>;
  inverseFft3(task: FftTask): Promise<void>;
}

const sameKind = <A extends RealArray>(array: A, length: number): A =>
  (array instanceof Float64Array ? new Float64Array(length) : new Float32Array(length)) as A;

function expectReal(name: string, array: unknown): void {
  if (array instanceof Float32Array || array instanceof Float64Array) return;
  throw new NativeError('input.parameter', `${name} must be a Float32Array or a Float64Array.`);
}

/**
 * Forward transform F(k) = Σ f(n) exp(-2πi k·n/N), not normalised, of a real box of any size.
 * Half maps to FSC and filters want double precision: give a Float64Array.
 */
export async function fft3<A extends RealArray>(
  real: A,
  shape: Shape,
  options: CallOptions = {},
): Promise<Spectrum<A>> {
  expectReal('The array to transform', real);
  expectShape(shape);
  expectLength('The array to transform', real, voxelCount(shape));
  const spectrum = sameKind(real, 2 * voxelCount(halfSpectrumShape(shape)));
  await controlled(options, (control, threads) => addon<FftAddon>().fft3({ real, spectrum, shape, control, threads }));
  return spectrum;
}

/** Inverse of `fft3`, 1/N included; `shape` is that of the real box. The spectrum stays as it is. */
export async function inverseFft3<A extends RealArray>(
  spectrum: Spectrum<A>,
  shape: Shape,
  options: CallOptions = {},
): Promise<A> {
  expectReal('The spectrum', spectrum);
  expectShape(shape);
  expectLength('The spectrum', spectrum, 2 * voxelCount(halfSpectrumShape(shape)), 'numbers');
  const real = sameKind(spectrum, voxelCount(shape));
  const work = spectrum.slice() as A;
  await controlled(options, (control, threads) =>
    addon<FftAddon>().inverseFft3({ real, spectrum: work, shape, control, threads }),
  );
  return real;
}
