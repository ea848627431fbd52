import { addon } from './load.js';
import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { expectLength } from './shape.js';

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

interface MapAddon {
  statistics(task: { voxels: Float32Array; control: ControlBlock; threads: number }): Promise<MapStatistics>;
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
