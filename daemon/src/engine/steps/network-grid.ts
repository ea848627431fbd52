import type { Grid } from '@chimerax-like/rpc';
import { cosineMask, splineResample } from '@locscale/native';
import { inChunks } from '../chunks.js';
import type { Compatibility } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

type Shape = Grid['shape'];

/** The grid on which networks look at maps, Å. */
const networkVoxelSize = 1;
/** Standardised maps have a standard deviation of a tenth (emmernet.md 2). */
const deviations = 10;
/** Width of the soft edge of the mask, voxels, and where it ends. */
const [edge, inside] = [3, 0.5];

/** Voxels of a map at about 1 Å: along each axis n times the voxel size, halves to the even number. */
export function networkShape(grid: Grid): Shape {
  const size = meanVoxelSize(grid) / networkVoxelSize;
  const along = (n: number): number => Math.max(1, roundHalfEven(n * size));
  return [along(grid.shape[0]), along(grid.shape[1]), along(grid.shape[2])];
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const half = value - down === 0.5;
  return half ? down + (down % 2) : Math.round(value);
}

/**
 * Puts a volume on another number of voxels, corner voxel on corner voxel, linearly in between (scipy's zoom of order 1). The last
 * plane, which LocScale loses to rounding in some boxes, is kept; with its rules it is 0 there.
 */
export async function zoom(
  volume: Float32Array,
  from: Shape,
  to: Shape,
  compatibility: Compatibility,
  options: { readonly signal: AbortSignal; readonly threads: number | undefined },
): Promise<Float32Array> {
  if (from.every((n, axis) => n === to[axis])) return volume;
  const step = (axis: 0 | 1 | 2): number => (to[axis] === 1 ? 0 : (from[axis] - 1) / (to[axis] - 1));
  const outside = compatibility === 'locscale-2.3' ? 'zero' : 'edge';
  return splineResample(volume, from, 1, { shape: to, step: [step(0), step(1), step(2)], outside }, options);
}

/** (x − mean) / (10 · sd) over the whole box, population sd. */
export async function standardise(volume: Float32Array, signal: AbortSignal): Promise<Float32Array> {
  let [sum, squares] = [0, 0];
  await inChunks(volume.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) sum += volume[i] as number;
  });
  const mean = sum / volume.length;
  await inChunks(volume.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) squares += ((volume[i] as number) - mean) ** 2;
  });
  const scale = deviations * Math.sqrt(squares / volume.length);
  const standard = new Float32Array(volume.length);
  await inChunks(volume.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) standard[i] = ((volume[i] as number) - mean) / scale;
  });
  return standard;
}

/** Which voxels at 1 Å the network is asked for: the mask with its edge smoothed, cut at a half before and after resampling. */
export async function networkMask(
  mask: Uint8Array,
  grid: Grid,
  compatibility: Compatibility,
  options: { readonly signal: AbortSignal; readonly threads: number | undefined },
): Promise<Uint8Array> {
  const binary = (values: Float32Array): Float32Array => values.map((value) => (value >= inside ? 1 : 0));
  const soft = await cosineMask(Float32Array.from(mask), grid.shape, edge, options);
  const zoomed = await zoom(binary(soft), grid.shape, networkShape(grid), compatibility, options);
  return Uint8Array.from(zoomed, (value) => (value >= inside ? 1 : 0));
}
