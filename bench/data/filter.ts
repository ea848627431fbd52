import { halfSpectrumShape, type Shape } from '@locscale/native';

/** Calls `visit(at, k2)` for each coefficient of a half spectrum: index of its real part, square of its frequency in 1/voxel². */
function eachCoefficient(shape: Shape, visit: (at: number, k2: number) => void): void {
  const [nz, ny, nx] = halfSpectrumShape(shape);
  const squared = (i: number, n: number): number => ((i > n / 2 ? i - n : i) / n) ** 2;
  let at = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const plane = squared(z, shape[0]) + squared(y, shape[1]);
      for (let x = 0; x < nx; x++, at += 2) visit(at, plane + squared(x, shape[2]));
    }
  }
}

/** Adds `weight · exp(-falloff k²)` times a spectrum to another; k in 1/voxel. */
export function addBlurred(sum: Float32Array, spectrum: Float32Array, shape: Shape, falloff: number, weight = 1): void {
  eachCoefficient(shape, (at, k2) => {
    const factor = weight * Math.exp(-falloff * k2);
    sum[at] = (sum[at] as number) + factor * (spectrum[at] as number);
    sum[at + 1] = (sum[at + 1] as number) + factor * (spectrum[at + 1] as number);
  });
}

/** The spectrum after `exp(-falloff k²)`; k in 1/voxel. */
export function blurred(spectrum: Float32Array, shape: Shape, falloff: number): Float32Array {
  const result = new Float32Array(spectrum.length);
  addBlurred(result, spectrum, shape, falloff);
  return result;
}

/** Fall-off of a Gaussian of standard deviation `sigma` voxels in real space. */
export const gaussianFalloff = (sigma: number): number => 2 * (Math.PI * sigma) ** 2;

/** Fall-off of amplitudes by a B-factor in Å², exp(-B s² / 4) with s in 1/Å. */
export const bFactorFalloff = (b: number, voxelSize: number): number => b / (4 * voxelSize ** 2);
