import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { type Cutoff, expectCutoff, profileNumber, type ProfileKind } from './scaling.js';
import { formArguments, type FormArguments, type ScalingForm } from './scaling-form.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/** Maps of one shape in C order (z, y, x), and the voxels to look at. */
export type AuditWindowsInput = ScalingForm & {
  /** Unsharpened map. */
  readonly map: Float32Array;
  readonly shape: Shape;
  /** Edge w of the window in voxels, even, 4 to 128. */
  readonly windowSize: number;
  /** What windows see beyond the box; default 0. */
  readonly fill?: { readonly map: number; readonly reference: number };
  /** z, y, x of each voxel, one after the other. */
  readonly voxels: Int32Array;
  /** What the profiles are averages over; default: octant. */
  readonly profile?: ProfileKind;
  /** Steepness, in 1/Å, with which the merged profile changes from reference to theory; default 0.3. */
  readonly smoothFactor?: number;
  /** As for `scaleWindows`. */
  readonly cutoff?: Cutoff | undefined;
};

/** A least-squares line of ln(amplitude) on f². */
export interface AmplitudeFit {
  /** Å², amplitude ~ exp(-B f²/4). */
  readonly bfactor: number;
  /** The line at f = 0. */
  readonly amplitude: number;
  /** R². */
  readonly quality: number;
}

/** What the theoretical form adds. */
export interface TheoryAudit {
  /** Typical profile, brought onto the line of the reference. */
  readonly scaledTheory: Float64Array;
  /** Reference profile at low resolution, scaled theory at high, changing over at the local Wilson cut-off. */
  readonly mergedProfile: Float64Array;
  /** Å, like the ends of the range that gets a deviation. */
  readonly localWilsonCutoff: number;
  readonly deviationsBegin: number;
  readonly deviationsEnd: number;
}

/** One window; profiles have windowSize / 2 + 1 bins, in the unit of an orthonormal transform of the map. */
export interface AuditedWindow {
  readonly voxel: readonly [z: number, y: number, x: number];
  readonly form: 'atomic' | 'theoretical' | 'no-reference';
  /** Scaled value of the voxel. */
  readonly value: number;
  /** The window is 0 throughout in map or reference: the value is 0 and nothing is fitted. */
  readonly emptyWindow: boolean;
  /** A fit found no line: too few bins, or an amplitude of 0. The value is 0 where the form needs the fit. */
  readonly fitFailed: boolean;
  readonly mapProfile: Float64Array;
  /** Absent in the no-reference form. */
  readonly referenceProfile?: Float64Array;
  /** What the window's profile is scaled to. */
  readonly targetProfile: Float64Array;
  readonly scaleFactors: Float64Array;
  /** Of the reference (no-reference form: of the map); absent where the form fits nothing or the fit failed. */
  readonly fit?: AmplitudeFit;
  /** That line; in the theoretical form the line of `scaledTheory`, from which deviations are taken. */
  readonly exponentialFit?: Float64Array;
  readonly theory?: TheoryAudit;
}

/** `Profile` and `Number` of `native/kernels/audit/audit_windows.h` are the twins of the two. */
const profileOrder = { map: 0, reference: 1, target: 2, scaleFactors: 3, fittedLine: 4, scaledTheory: 5, merged: 6 };
const profilesEach = Object.keys(profileOrder).length;
const numberOrder = {
  value: 0,
  theoretical: 1,
  emptyWindow: 2,
  fitFailed: 3,
  bfactor: 4,
  amplitude: 5,
  quality: 6,
  localWilson: 7,
  deviationsBegin: 8,
  deviationsEnd: 9,
};
const numbersEach = Object.keys(numberOrder).length;

interface AuditAddon {
  auditWindows(
    task: FormArguments & {
      map: Float32Array;
      shape: Shape;
      windowSize: number;
      mapFill: number;
      referenceFill: number;
      voxels: Int32Array;
      profile: number;
      smoothFactor: number;
      cutoffs: Float32Array | undefined;
      cutoffVoxelSize: number | undefined;
      profiles: Float64Array;
      numbers: Float64Array;
      control: ControlBlock;
      threads: number;
    },
  ): Promise<void>;
}

/**
 * Scales single voxels window by window, with real transforms in double precision, and tells every step: the check of
 * `scaleWindows`, which never forms a window, and about a thousand times slower. It shares no code with it.
 * The same for any number of threads. Memory beyond the arrays: 40 bytes per voxel of a window and thread.
 */
export async function auditWindows(
  input: AuditWindowsInput,
  options: CallOptions = {},
): Promise<readonly AuditedWindow[]> {
  const { map, shape, windowSize, fill = { map: 0, reference: 0 }, voxels, smoothFactor = 0.3, cutoff } = input;
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectVoxels(voxels, shape);
  if (cutoff !== undefined) expectCutoff(cutoff, voxelCount(shape));
  if (windowSize % 2 !== 0 || !(windowSize >= 4 && windowSize <= 128))
    throw new NativeError(
      'input.parameter',
      `The window is ${windowSize} voxels; it must be an even number from 4 to 128.`,
    );
  if (!(smoothFactor >= 0 && smoothFactor < Infinity))
    throw new NativeError('input.parameter', `smoothFactor is ${smoothFactor}; expected a number of 0 or more (1/Å).`);
  const form = formArguments(input, map.length, windowSize);
  const count = voxels.length / 3;
  const bins = Math.floor(windowSize / 2) + 1;
  const profiles = new Float64Array(count * profilesEach * bins);
  const numbers = new Float64Array(count * numbersEach).fill(NaN);
  await controlled(options, (control, threads) =>
    addon<AuditAddon>().auditWindows({
      ...form,
      map,
      shape,
      windowSize,
      mapFill: fill.map,
      referenceFill: fill.reference,
      voxels,
      cutoffs: cutoff?.resolution,
      cutoffVoxelSize: cutoff?.voxelSize,
      profile: profileNumber[input.profile ?? 'octant'],
      smoothFactor,
      profiles,
      numbers,
      control,
      threads,
    }),
  );
  return Array.from({ length: count }, (_, i) => ({
    voxel: [voxels[3 * i] ?? NaN, voxels[3 * i + 1] ?? NaN, voxels[3 * i + 2] ?? NaN],
    ...auditedWindow(
      input.form === 'no-reference',
      profiles.subarray(i * profilesEach * bins, (i + 1) * profilesEach * bins),
      numbers.subarray(i * numbersEach, (i + 1) * numbersEach),
    ),
  }));
}

function auditedWindow(
  noReference: boolean,
  profiles: Float64Array,
  numbers: Float64Array,
): Omit<AuditedWindow, 'voxel'> {
  const bins = profiles.length / profilesEach;
  const profile = (name: keyof typeof profileOrder): Float64Array =>
    profiles.subarray(profileOrder[name] * bins, (profileOrder[name] + 1) * bins);
  const number = (name: keyof typeof numberOrder): number => numbers[numberOrder[name]] ?? NaN;
  const theoretical = number('theoretical') === 1;
  const fitted = !Number.isNaN(number('bfactor'));
  return {
    form: noReference ? 'no-reference' : theoretical ? 'theoretical' : 'atomic',
    value: number('value'),
    emptyWindow: number('emptyWindow') === 1,
    fitFailed: number('fitFailed') === 1,
    mapProfile: profile('map'),
    ...(noReference ? {} : { referenceProfile: profile('reference') }),
    targetProfile: profile('target'),
    scaleFactors: profile('scaleFactors'),
    ...(fitted
      ? {
          fit: { bfactor: number('bfactor'), amplitude: number('amplitude'), quality: number('quality') },
          exponentialFit: profile('fittedLine'),
        }
      : {}),
    ...(fitted && theoretical
      ? {
          theory: {
            scaledTheory: profile('scaledTheory'),
            mergedProfile: profile('merged'),
            localWilsonCutoff: number('localWilson'),
            deviationsBegin: number('deviationsBegin'),
            deviationsEnd: number('deviationsEnd'),
          },
        }
      : {}),
  };
}

function expectVoxels(voxels: Int32Array, shape: Shape): void {
  const outside = voxels.findIndex((at, i) => at < 0 || at >= (shape[i % 3] ?? 0));
  if (voxels.length % 3 === 0 && outside < 0) return;
  throw new NativeError(
    'input.parameter',
    outside < 0
      ? `The list of voxels holds ${voxels.length} numbers; expected three (z, y, x) for each voxel.`
      : `Coordinate ${voxels[outside] ?? NaN} of voxel ${Math.floor(outside / 3)} lies outside the box of (${shape.join(', ')}) voxels; give voxels of the box.`,
  );
}
