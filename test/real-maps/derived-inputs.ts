import { bFactorGain, filterMap, lowPassGain } from '../../demo/dist/simulation/fourier.js';
import { readVolume, writeVolume, type Volume } from '../../daemon/dist/volumes/index.js';

/** B-factor (Å²) of the smoothing, and resolution (Å) of the copy from whose largest values the mask is made. */
const smoothing = 60;
const maskResolution = 12;

export interface Derived {
  readonly map: Volume;
  /** The map smoothed: what it is sharpened against here. */
  readonly reference: Float32Array;
  /** 1 where the map at low resolution is among its largest values. */
  readonly mask: Float32Array;
}

/**
 * Writes what a map without model and half maps needs beside it: a smoothed copy of itself as reference, and a mask of the
 * `share` of voxels where a low-passed copy is largest. Both in standard axis order, whatever the map's is.
 */
export async function deriveInputs(
  mapPath: string,
  referencePath: string,
  maskPath: string,
  share: number,
): Promise<Derived> {
  const map = await readVolume(mapPath);
  const { grid } = map;
  const box = { shape: grid.shape, voxelSize: grid.voxelSize[0] };
  const voxels = Float64Array.from(map.voxels);
  const reference = Float32Array.from(await filterMap(voxels, box, bFactorGain(smoothing)));
  const low = Float32Array.from(await filterMap(voxels, box, lowPassGain(maskResolution)));
  const threshold = low.slice().sort()[Math.floor((1 - share) * low.length)] ?? Infinity;
  const mask = low.map((value) => Number(value >= threshold));
  await writeVolume(referencePath, { grid, voxels: reference });
  await writeVolume(maskPath, { grid, voxels: mask });
  return { map, reference, mask };
}
