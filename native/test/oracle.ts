import { auditWindows, type AuditedWindow } from '@locscale/native';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * What tests and benchmarks compare the scaling kernel with: the loop over windows that LocScale runs, in double
 * precision (the kernel behind audits), and its fastest FFTW version as a clock, which is an addon of its own,
 * `locscale_oracle`, and never part of a release.
 */
export interface OracleTask {
  readonly map: Float32Array;
  readonly reference: Float32Array;
  readonly shape: readonly [z: number, y: number, x: number];
  /** Even number of voxels. */
  readonly windowSize: number;
  /** Frequencies of the profiles: one octant (default), or the full sphere. */
  readonly profile?: 'octant' | 'shell';
  /** Indices (C order) of the voxels to scale. */
  readonly voxels: Uint32Array;
  /** What windows read outside the box; default 0. */
  readonly fill?: { readonly map: number; readonly reference: number };
}

export interface OracleResult {
  /** Scaled values in the order of `voxels`. */
  readonly values: Float64Array;
  /** Profiles (orthonormal transform) and their ratio as (voxel, bin) arrays of windowSize / 2 + 1 bins. */
  readonly mapProfiles: Float64Array;
  readonly referenceProfiles: Float64Array;
  readonly scaleFactors: Float64Array;
}

export interface WindowTiming {
  /** CPU time of the one thread that computed, planning not counted. */
  readonly seconds: number;
  readonly values: Float32Array;
}

/** Two half maps and where their windowed FSC is wanted. */
export interface LocalFscTask {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  readonly shape: OracleTask['shape'];
  readonly windowSize: number;
  readonly voxelSize: number;
  readonly threshold: number;
  readonly voxels: Uint32Array;
}

export interface LocalFscResult {
  /** FSC as a (voxel, shell) array of windowSize / 2 shells; empty when timed. */
  readonly curves: Float64Array;
  /** Å, 0 where the window is empty, in the order of `voxels`. */
  readonly resolution: Float64Array;
  /** CPU time of the one thread that computed, planning not counted; 0 unless timed. */
  readonly seconds: number;
}

interface NativeTask extends Omit<OracleTask, 'fill' | 'profile'> {
  readonly fillMap: number;
  readonly fillReference: number;
  readonly threads: number;
}

interface OracleAddon {
  timeWindowMethod(task: NativeTask): Promise<WindowTiming>;
  localFsc(
    task: NativeTask & { readonly voxelSize: number; readonly threshold: number; readonly timed: true | undefined },
  ): Promise<LocalFscResult>;
}

/** This file runs from native/test/dist. */
const addonPath = fileURLToPath(new URL('../../build/Release/locscale_oracle.node', import.meta.url));

let loaded: OracleAddon | undefined;
const oracle = (): OracleAddon => (loaded ??= createRequire(import.meta.url)(addonPath) as OracleAddon);

function nativeTask({ fill, ...task }: Omit<OracleTask, 'profile'>): NativeTask {
  const count = task.shape[0] * task.shape[1] * task.shape[2];
  if (task.map.length !== count || task.reference.length !== count) {
    throw new RangeError(`map and reference must hold ${count} voxels, as the shape says`);
  }
  if (task.windowSize % 2 !== 0 || task.windowSize < 4 || task.windowSize > 128) {
    throw new RangeError(`window of ${task.windowSize} voxels; expected an even number from 4 to 128`);
  }
  if (task.voxels.some((voxel) => voxel >= count)) throw new RangeError('a voxel index lies outside the box');
  return {
    ...task,
    fillMap: fill?.map ?? 0,
    fillReference: fill?.reference ?? 0,
    threads: availableParallelism(),
  };
}

/** Scales the given voxels window by window, in double precision. */
export async function scaleWindowsOracle({ voxels, ...task }: OracleTask): Promise<OracleResult> {
  const [, ny, nx] = task.shape;
  const zyx = Int32Array.from(
    Array.from(voxels).flatMap((i) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx]),
  );
  const windows = await auditWindows({ ...task, form: 'atomic', voxels: zyx });
  const bins = task.windowSize / 2 + 1;
  const table = (of: (window: AuditedWindow) => Float64Array | undefined): Float64Array => {
    const all = new Float64Array(windows.length * bins);
    windows.forEach((window, i) => all.set(of(window) ?? [], i * bins));
    return all;
  };
  return {
    values: Float64Array.from(windows, ({ value }) => value),
    mapProfiles: table(({ mapProfile }) => mapProfile),
    referenceProfiles: table(({ referenceProfile }) => referenceProfile),
    scaleFactors: table(({ scaleFactors }) => scaleFactors),
  };
}

/** Scales the given voxels with two single-precision FFTW transforms each (patient plan), on one thread. */
export async function timeWindowMethod(task: Omit<OracleTask, 'profile'>): Promise<WindowTiming> {
  return oracle().timeWindowMethod(nativeTask(task));
}

/** FSC and local resolution window by window; in double precision, or timed on one thread in single precision. */
export async function localFscOracle(task: LocalFscTask, timed = false): Promise<LocalFscResult> {
  const { half1, half2, voxelSize, threshold, ...rest } = task;
  const windows = nativeTask({ ...rest, map: half1, reference: half2 });
  return oracle().localFsc({ ...windows, voxelSize, threshold, timed: timed ? true : undefined });
}

/** Indices of the voxels of at least 0.5, in C order: LocScale's mask rule. */
export function maskVoxels(mask: Float32Array): Uint32Array {
  return Uint32Array.from(Array.from(mask.keys()).filter((i) => (mask[i] ?? 0) >= 0.5));
}

/** What LocScale pads with: the mean of the voxels outside the mask, 0 when there are none. */
export function meanOutside(mask: Float32Array, map: Float32Array): number {
  let sum = 0;
  let count = 0;
  mask.forEach((value, i) => {
    if (value >= 0.5) return;
    sum += map[i] ?? 0;
    count += 1;
  });
  return count === 0 ? 0 : sum / count;
}
