import type { Region } from '@chimerax-like/rpc';
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

/**
 * The level that encloses `share` of the box of a map; at most half of the voxels above 0, or of a map that is 0 outside a small mask
 * the faces of the mask would be drawn.
 */
export function levelEnclosing(share: number, { voxels: { values }, statistics: { min, max } }: LoadedMap): Level {
  const width = (max - min) / bins;
  if (!(width > 0)) return { kind: 'absolute', value: min };
  const counts = new Uint32Array(bins + 1);
  let positive = 0;
  for (const value of values) {
    // NaN is in no bin.
    if (!(value >= min)) continue;
    if (value > 0) positive++;
    const bin = Math.floor((value - min) / width);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  let left = positive > 0 ? Math.min(share * values.length, positive / 2) : share * values.length;
  let bin = bins;
  while (bin > 0 && (left -= counts[bin] as number) > 0) bin--;
  return { kind: 'absolute', value: min + bin * width };
}

/** The share of its box, or of part of it (ranges along z, y, x), that a map encloses at a level. */
export function shareEnclosed(
  level: Level,
  { voxels: { grid, values }, statistics }: LoadedMap,
  part?: Region,
): number {
  const { absolute } = bothScales(level, statistics);
  if (part === undefined) return countAbove(values, absolute) / values.length;
  const [[z0, z1], [y0, y1], [x0, x1]] = part;
  const [, ny, nx] = grid.shape;
  let count = 0;
  for (let z = z0; z < z1; z++)
    for (let y = y0; y < y1; y++) {
      const row = (z * ny + y) * nx;
      count += countAbove(values.subarray(row + x0, row + x1), absolute);
    }
  return count / ((z1 - z0) * (y1 - y0) * (x1 - x0));
}
