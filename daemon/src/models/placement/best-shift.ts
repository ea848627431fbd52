import { type Atoms, fft3, inverseFft3 } from '@locscale/native';
import { atomsCentre, boxCentre, minus, shifted, add, type Vector } from './atoms-moved.js';
import { type CoarseMap, coarseModel } from './coarse.js';

/** Peak of a parabola through three values one voxel apart, in voxels from the middle one. */
function parabolaPeak(before: number, at: number, after: number): number {
  const curvature = before - 2 * at + after;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature))) : 0;
}

/** Shift (x, y, z) in Å of the highest value of a correlation over shifts; the second half of an axis is negative. */
function peakOf(values: Float32Array, { grid: { shape, voxelSize } }: CoarseMap): Vector {
  const [nz, ny, nx] = shape;
  let best = 0;
  values.forEach((value, i) => {
    if (value > (values[best] as number)) best = i;
  });
  const [z, y, x] = [Math.floor(best / (nx * ny)), Math.floor(best / nx) % ny, best % nx];
  const wrap = (i: number, n: number): number => ((i % n) + n) % n;
  const at = (dz: number, dy: number, dx: number): number =>
    values[(wrap(z + dz, nz) * ny + wrap(y + dy, ny)) * nx + wrap(x + dx, nx)] as number;
  const middle = at(0, 0, 0);
  const signed = (i: number, n: number): number => (2 * i > n ? i - n : i);
  return [
    (signed(x, nx) + parabolaPeak(at(0, 0, -1), middle, at(0, 0, 1))) * voxelSize[0],
    (signed(y, ny) + parabolaPeak(at(0, -1, 0), middle, at(0, 1, 0))) * voxelSize[1],
    (signed(z, nz) + parabolaPeak(at(-1, 0, 0), middle, at(1, 0, 0))) * voxelSize[2],
  ];
}

/** Spectrum of the map, for many searches. */
export const spectrumOf = (map: CoarseMap, signal: AbortSignal): Promise<Float32Array> =>
  fft3(map.voxels, map.grid.shape, { signal });

/**
 * The shift that brings the atoms, as they are turned, onto the map best: the peak of the cross-correlation over all
 * shifts of a periodic box, from the model laid into its middle.
 */
export async function bestShift(
  atoms: Atoms,
  map: CoarseMap,
  spectrum: Float32Array,
  signal: AbortSignal,
): Promise<Vector> {
  const toMiddle = minus(boxCentre(map.grid), atomsCentre(atoms));
  const model = await coarseModel(shifted(atoms, toMiddle), map, signal);
  const product = await fft3(model, map.grid.shape, { signal });
  for (let i = 0; i < product.length; i += 2) {
    const [a, b] = [spectrum[i] as number, spectrum[i + 1] as number];
    const [c, d] = [product[i] as number, product[i + 1] as number];
    product[i] = a * c + b * d;
    product[i + 1] = b * c - a * d;
  }
  product[0] = 0; // the means say nothing of the place
  return add(toMiddle, peakOf(await inverseFft3(product, map.grid.shape, { signal }), map));
}
