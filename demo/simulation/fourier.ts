import { fft3, halfSpectrumShape, inverseFft3 } from '@locscale/native';
import type { Box } from './box.js';

/** Signed frequency index of array index `i` on an axis of `n` points. */
const signed = (i: number, n: number): number => (i <= n / 2 ? i : i - n);

/**
 * Multiplies every Fourier coefficient of a map by `gain(f²)`, f the true spatial frequency in 1/Å.
 * Zero outside the sphere of the Nyquist frequency, where a cubic grid has corners only.
 */
export const filterMap = async (
  map: Float64Array,
  { shape, voxelSize }: Box,
  gain: (squaredFrequency: number) => number,
): Promise<Float64Array> => {
  const spectrum = await fft3(map, shape);
  const [nz, ny, half] = halfSpectrumShape(shape);
  const unit = (n: number): number => 1 / (n * voxelSize);
  const nyquist = 1 / (2 * voxelSize);
  let at = 0;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < half; x++) {
        const fz = signed(z, nz) * unit(nz);
        const fy = signed(y, ny) * unit(ny);
        const fx = x * unit(shape[2]);
        const squared = fz * fz + fy * fy + fx * fx;
        const factor = squared > nyquist * nyquist ? 0 : gain(squared);
        spectrum[at] = (spectrum[at] ?? 0) * factor;
        spectrum[at + 1] = (spectrum[at + 1] ?? 0) * factor;
        at += 2;
      }
  return inverseFft3(spectrum, shape);
};

/** Gain of an isotropic B-factor in Å²: amplitudes fall as exp(-B f² / 4); a negative B sharpens. */
export const bFactorGain =
  (bFactor: number) =>
  (squaredFrequency: number): number =>
    Math.exp((-bFactor * squaredFrequency) / 4);

/** Low-pass at resolution `d` (Å) with a cosine edge from 0.95/d to 1.05/d, so that nothing rings. */
export const lowPassGain =
  (d: number) =>
  (squaredFrequency: number): number => {
    const position = (Math.sqrt(squaredFrequency) * d - 0.95) / 0.1;
    if (position <= 0) return 1;
    return position >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * position);
  };
