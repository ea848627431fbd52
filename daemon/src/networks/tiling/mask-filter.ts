import { type CubeGrid, forEachRow, type Triple } from './cube-grid.js';

/** A cube is predicted when more of its voxels than this lie in the mask (emmernet.md 3). */
const fewVoxels = 5;

/** Whether a cube holds enough of the mask. */
export function isWanted(mask: Uint8Array, { shape, cube }: CubeGrid, start: Triple): boolean {
  return maskVoxels(mask, shape, cube, start, fewVoxels + 1) > fewVoxels;
}

/** Voxels of the mask in a cube, counted up to `enough`. */
export function maskVoxels(mask: Uint8Array, shape: Triple, cube: Triple, start: Triple, enough = Infinity): number {
  let found = 0;
  forEachRow(shape, start, cube, (at) => {
    for (let i = at; found < enough && i < at + cube[2]; i++) found += mask[i] as number;
  });
  return found;
}
