import type { Atom } from '../structure/atom.js';
import { type Box, voxelCountOf } from './box.js';
import { scatteringFactors } from './scattering.js';

/** Tails of an atom's Gaussians are dropped where they fall below this fraction of their own height. */
const tail = 1e-6;

/** exp(-k d²) at the grid points first … first + length - 1 of one axis, d the distance from `centre`. */
const profile = (centre: number, radius: number, size: number, k: number) => {
  const first = Math.max(0, Math.ceil(centre - radius));
  const last = Math.min(size - 1, Math.floor(centre + radius));
  const values = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Math.exp(-k * (first + i - centre) ** 2),
  );
  return { first, values };
};

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
  const [z, y, x] = [0, 1, 2].map((axis) => profile(centre[axis] as number, radius, shape[axis] as number, k)) as [
    ReturnType<typeof profile>,
    ReturnType<typeof profile>,
    ReturnType<typeof profile>,
  ];
  for (let iz = 0; iz < z.values.length; iz++)
    for (let iy = 0; iy < y.values.length; iy++) {
      const plane = (z.first + iz - centre[0]) ** 2 + (y.first + iy - centre[1]) ** 2;
      // Half the length of the row inside the sphere of the cut-off; the corners of the cube would be half of the work.
      const reach = Math.sqrt(Math.max(0, radius * radius - plane));
      const factor = height * (z.values[iz] as number) * (y.values[iy] as number);
      const row = ((z.first + iz) * shape[1] + y.first + iy) * shape[2];
      const last = Math.min(x.first + x.values.length - 1, Math.floor(centre[2] + reach));
      for (let i = Math.max(x.first, Math.ceil(centre[2] - reach)); i <= last; i++)
        density[row + i] = (density[row + i] as number) + factor * (x.values[i - x.first] as number);
    }
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
