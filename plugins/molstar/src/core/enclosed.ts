import type { LoadedMap } from './map-store.js';
import { bothScales, type Level } from './contour.js';

/** Number of voxels above a level. */
function countAbove(values: Float32Array, absolute: number): number {
  let count = 0;
  for (const value of values) if (value > absolute) count++;
  return count;
}

/** Bins of the histogram in which a level is looked for; a thousandth of a map's range is finer than anybody sets a level. */
const bins = 4096;

/** The level that encloses `share` of the box of a map. */
export function levelEnclosing(share: number, { voxels: { values }, statistics: { min, max } }: LoadedMap): Level {
  const width = (max - min) / bins;
  if (!(width > 0)) return { kind: 'absolute', value: min };
  const counts = new Uint32Array(bins + 1);
  for (const value of values) {
    // NaN is in no bin.
    if (!(value >= min)) continue;
    const bin = Math.floor((value - min) / width);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let left = share * values.length;
  let bin = bins;
  while (bin > 0 && (left -= counts[bin] as number) > 0) bin--;
  return { kind: 'absolute', value: min + bin * width };
}

/** The share of its box that a map encloses at a level. */
export function shareEnclosed(level: Level, { voxels: { values }, statistics }: LoadedMap): number {
  return countAbove(values, bothScales(level, statistics).absolute) / values.length;
}
