import { addon } from './load.js';
import { controlled, controlWord, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { formArguments, type FormArguments, type ScalingForm } from './scaling-form.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/**
 * The frequencies over which the profile of a window is the mean of |F|, in bins floor(|k|): the octant 0 ≤ kx, ky, kz
 * (LocScale's definition; depends on which way the axes point), or all of the full sphere, -w/2 < kx, ky, kz ≤ w/2, each
 * once (the same whichever way the axes point).
 */
export type ProfileKind = 'octant' | 'shell';

/** Twin of `ProfileKind` of `native/kernels/scaling/window_plan.h`. */
export const profileNumber = { octant: 0, shell: 1 } as const;

/** Maps of one shape in C order (z, y, x), and where the target profiles come from. */
export type ScaleWindowsInput = ScalingForm & {
  /** Unsharpened map. */
  readonly map: Float32Array;
  /** Nonzero: scale this voxel. */
  readonly mask: Uint8Array;
  readonly shape: Shape;
  /** Edge w of the window in voxels, even, 4 to 128. The window of voxel c is [c - w/2, c + w/2) on each axis. */
  readonly windowSize: number;
  /** What the profiles are averages over; default: octant. */
  readonly profile?: ProfileKind;
  /** What windows see beyond the box; default 0. LocScale pads with the mean outside the mask. */
  readonly fill?: { readonly map: number; readonly reference: number };
  readonly cutoff?: Cutoff | undefined;
};

/**
 * Local resolution in Å at every voxel: scale factors of frequencies beyond it are 0, with an edge one bin wide. Where it is 0
 * nothing is cut.
 */
export interface Cutoff {
  readonly resolution: Float32Array;
  /** Å. */
  readonly voxelSize: number;
}

/** Half-open. */
type Range = readonly [first: number, end: number];

export interface ScaleWindowsOptions extends CallOptions {
  /** Called when sections [first, end) of the result are final, in any order, once for each slab of the box. */
  readonly onSlab?: (sections: Range, counts: VoxelCounts) => void;
  /** Called when these columns (x) of these sections (z) are final, in any order, while the rest of the sections is not. */
  readonly onBlock?: (sections: Range, columns: Range) => void;
  /** Written as the slabs become final, so that they can be shown while scaling runs; must be all zeros. */
  readonly scaled?: Float32Array;
  readonly bfactors?: Float32Array | undefined;
  readonly qualities?: Float32Array | undefined;
}

/** What became of the mask voxels of a slab or of the whole box. */
export interface VoxelCounts {
  readonly scaledVoxels: number;
  /** Mask voxels whose window is exactly 0 throughout in map or reference; they become 0. */
  readonly emptyWindows: number;
  /** Mask voxels whose fit failed: B-factor 0, and 0 in the scaled map where the form needs the fit. */
  readonly failedFits: number;
}

export interface ScaleWindowsResult extends VoxelCounts {
  /** Scaled map, exactly 0 at every voxel that the mask leaves out. */
  readonly scaled: Float32Array;
  /** Local B-factor (Å², amplitude ~ exp(-B f²/4)) and R² of its fit; absent in the atomic form unless measured. */
  readonly bfactors?: Float32Array;
  readonly qualities?: Float32Array;
}

interface ScalingAddon {
  readonly slabSections: number;
  readonly bandColumns: number;
  scaleWindows(
    task: FormArguments & {
      map: Float32Array;
      mask: Uint8Array;
      shape: Shape;
      windowSize: number;
      profile: number;
      mapFill: number;
      referenceFill: number;
      cutoffs: Float32Array | undefined;
      cutoffVoxelSize: number | undefined;
      scaled: Float32Array;
      bfactors: Float32Array | undefined;
      qualities: Float32Array | undefined;
      slabCounts: Int32Array;
      control: ControlBlock;
      threads: number;
    },
  ): Promise<void>;
  restrictSimd(target: string): boolean;
}

/**
 * Scales the amplitudes in the window around every mask voxel to a target profile and keeps the window's centre:
 * LocScale's windowed scaling, computed without windows (docs/architecture.md, "Windowed scaling").
 * Bitwise the same for any number of threads on one kind of processor.
 * Memory beyond the arrays: a quarter byte per voxel and 5–15 MB per thread (full shells: twice that).
 */
export async function scaleWindows(
  input: ScaleWindowsInput,
  options: ScaleWindowsOptions = {},
): Promise<ScaleWindowsResult> {
  const { map, mask, shape, windowSize, profile = 'octant', fill = { map: 0, reference: 0 }, cutoff } = input;
  expectShape(shape);
  const voxels = voxelCount(shape);
  expectLength('The map', map, voxels);
  expectLength('The mask', mask, voxels);
  if (cutoff !== undefined) expectCutoff(cutoff, voxels);
  const form = formArguments(input, voxels, windowSize);
  const scaled = options.scaled ?? new Float32Array(voxels);
  expectLength('The scaled map', scaled, voxels);
  const fitted = measuresBfactors(input);
  const bfactors = fitted ? (options.bfactors ?? new Float32Array(voxels)) : undefined;
  const qualities = fitted ? (options.qualities ?? new Float32Array(voxels)) : undefined;

  const height = slabSections();
  const width = addon<ScalingAddon>().bandColumns;
  const [sections, , columns] = shape;
  const slabs = Math.ceil(sections / height);
  const bands = Math.ceil(columns / width);
  const counts = new Int32Array(countsOfSlab * slabs);
  const told = new Set<string>();
  const { onSlab, onBlock } = options;
  const tell = (control: ControlBlock): void => {
    for (let slab = 0; slab < slabs; slab++) {
      const range: Range = [slab * height, Math.min(sections, (slab + 1) * height)];
      if (told.has(`${slab}`)) continue;
      const words = Array.from({ length: bands }, (_, band) => controlWord.firstSlab + slab * bands + band);
      const final = words.map((word) => Atomics.load(control, word) !== 0);
      if (final.every(Boolean)) {
        told.add(`${slab}`);
        onSlab?.(range, sumCounts(counts.subarray(slab * countsOfSlab, (slab + 1) * countsOfSlab)));
        continue;
      }
      for (const [band, isFinal] of final.entries()) {
        if (!isFinal || told.has(`${slab}/${band}`)) continue;
        told.add(`${slab}/${band}`);
        onBlock?.(range, [band * width, Math.min(columns, (band + 1) * width)]);
      }
    }
  };
  await controlled(
    options,
    (control, threads) =>
      addon<ScalingAddon>().scaleWindows({
        ...form,
        map,
        mask,
        shape,
        windowSize,
        profile: profileNumber[profile],
        mapFill: fill.map,
        referenceFill: fill.reference,
        cutoffs: cutoff?.resolution,
        cutoffVoxelSize: cutoff?.voxelSize,
        scaled,
        bfactors,
        qualities,
        slabCounts: counts,
        control,
        threads,
      }),
    { slabs: slabs * bands, ...(onSlab === undefined && onBlock === undefined ? {} : { onPoll: tell }) },
  );
  return { scaled, ...sumCounts(counts), ...(bfactors && qualities ? { bfactors, qualities } : {}) };
}

export function expectCutoff({ resolution, voxelSize }: Cutoff, voxels: number): void {
  expectLength('The local resolution', resolution, voxels);
  const worst = resolution.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (worst !== undefined)
    throw new NativeError(
      'input.voxels',
      `The local resolution holds ${worst}, but every voxel must be a resolution in Å, or 0 where nothing is to be cut; choose another map.`,
    );
  if (!(voxelSize > 0 && Number.isFinite(voxelSize)))
    throw new NativeError('input.parameter', `The voxel size is ${voxelSize} Å, expected a number above 0.`);
}

/** Whether a form fits local B-factors and so gives their maps. */
export const measuresBfactors = (form: ScalingForm): boolean => form.form !== 'atomic' || form.measure !== undefined;

/** Sections of a slab, the unit of progress and resuming: slabs do not depend on each other. */
export const slabSections = (): number => addon<ScalingAddon>().slabSections;

/** Numbers that the addon keeps for each slab, in the order of `VoxelCounts`. */
const countsOfSlab = 3;

function sumCounts(counts: Int32Array): VoxelCounts {
  const sum = (field: number): number =>
    counts.reduce((n, count, i) => (i % countsOfSlab === field ? n + count : n), 0);
  return { scaledVoxels: sum(0), emptyWindows: sum(1), failedFits: sum(2) };
}

/**
 * Restricts the kernels to one compiled instruction set (see `nativeInfo().targets`), or lifts that with ''. For tests
 * and benchmarks: nothing may be computing meanwhile. Returns false when this processor does not have it.
 */
export function restrictSimd(target: string): boolean {
  return addon<ScalingAddon>().restrictSimd(target);
}
