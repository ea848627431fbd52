import type { Atom } from '../structure/atom.js';
import { type Box, voxelCountOf } from './box.js';
import { scatteringFactors } from './scattering.js';

/** Tails of an atom's Gaussians are dropped where they fall below this fraction of their own height. */
const tail = 1e-6;

/**
 * Adds height · exp(-k r²) around `centre` (voxels, z, y, x). The Gaussian is the product of three one-dimensional ones,
 * so only 3 × width exponentials are taken.
 */
const addGaussian = (
  density: Float64Array,
  shape: Box['shape'],
  centre: readonly [number, number, number],
  height: number,
  k: number,
): void => {
  const radius = Math.sqrt(-Math.log(tail) / k);
  const axis = (a: 0 | 1 | 2): { readonly first: number; readonly values: Float64Array } => {
    const first = Math.max(0, Math.ceil(centre[a] - radius));
    const last = Math.min(shape[a] - 1, Math.floor(centre[a] + radius));
    const values = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
      Math.exp(-k * (first + i - centre[a]) ** 2),
    );
    return { first, values };
  };
  const [z, y, x] = [axis(0), axis(1), axis(2)];
  z.values.forEach((gz, iz) => {
    y.values.forEach((gy, iy) => {
      const factor = height * gz * gy;
      const row = ((z.first + iz) * shape[1] + y.first + iy) * shape[2] + x.first;
      for (let ix = 0; ix < x.values.length; ix++)
        density[row + ix] = (density[row + ix] ?? 0) + factor * (x.values[ix] ?? 0);
    });
  });
};

/**
 * Electron scattering density of the atoms on the grid, C order (z, y, x), in Å per Å³: for each Gaussian of the
 * scattering factor a (4π / (b + B))^{3/2} exp(-4π² r² / (b + B)). `blur` (Å²) is added to every B; choose it so that
 * the sharpest atom is still sampled (see `samplingBlur`) and take it away in Fourier space. Density outside the box is
 * dropped, not wrapped.
 */
export const splatAtoms = (atoms: readonly Atom[], box: Box, blur: number): Float64Array => {
  const density = new Float64Array(voxelCountOf(box));
  const { shape, voxelSize } = box;
  for (const { element, position, bFactor } of atoms) {
    const centre = [position[2] / voxelSize, position[1] / voxelSize, position[0] / voxelSize] as const;
    for (const { a, b } of scatteringFactors[element]) {
      const width = b + bFactor + blur;
      const height = a * ((4 * Math.PI) / width) ** 1.5;
      addGaussian(density, shape, centre, height, (4 * Math.PI * Math.PI * voxelSize * voxelSize) / width);
    }
  }
  return density;
};

/**
 * Blur (Å²) below which point sampling would fold frequencies beyond Nyquist back into the map: 8π² g² / 1.1 minus the
 * smallest B, g the voxel size (the rule of Refmac and gemmi for a map at d = 2g, rate 1).
 */
export const samplingBlur = (atoms: readonly Atom[], voxelSize: number): number => {
  const smallest = atoms.reduce((low, atom) => Math.min(low, atom.bFactor), Infinity);
  return Math.max(0, (8 * Math.PI * Math.PI * voxelSize * voxelSize) / 1.1 - smallest);
};
