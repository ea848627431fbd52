import type { Atom } from '../structure/atom.js';
import { type Box, voxelCountOf } from './box.js';

/** The molecule's envelope and, inside it, the B-factor of the nearest atom. */
export interface Envelope {
  /** 1 within `radius` of an atom, else 0; C order (z, y, x). */
  readonly mask: Float32Array;
  /** B (Å²) of the atom nearest to each voxel of the mask; 0 outside. */
  readonly bFactor: Float32Array;
  /** Distance (Å) to the nearest atom, up to `reach`; Infinity beyond. */
  readonly distance: Float32Array;
}

/** Envelope of the atoms: everything within `radius` Å. Distances are kept up to `reach` Å, for a soft edge. */
export const envelopeOf = (atoms: readonly Atom[], box: Box, radius: number, reach: number): Envelope => {
  const { shape, voxelSize } = box;
  const squared = new Float32Array(voxelCountOf(box)).fill(Infinity);
  const bFactor = new Float32Array(squared.length);
  for (const atom of atoms) {
    const centre = [atom.position[2] / voxelSize, atom.position[1] / voxelSize, atom.position[0] / voxelSize] as const;
    const span = (axis: 0 | 1 | 2): readonly [number, number] => [
      Math.max(0, Math.ceil(centre[axis] - reach / voxelSize)),
      Math.min(shape[axis] - 1, Math.floor(centre[axis] + reach / voxelSize)),
    ];
    const [[z0, z1], [y0, y1], [x0, x1]] = [span(0), span(1), span(2)];
    for (let z = z0; z <= z1; z++)
      for (let y = y0; y <= y1; y++)
        for (let x = x0; x <= x1; x++) {
          const r2 = ((z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2) * voxelSize * voxelSize;
          const i = (z * shape[1] + y) * shape[2] + x;
          if (r2 > reach * reach || r2 >= (squared[i] ?? 0)) continue;
          squared[i] = r2;
          bFactor[i] = atom.bFactor;
        }
  }
  const mask = squared.map((r2) => (r2 <= radius * radius ? 1 : 0));
  return { mask, bFactor: bFactor.map((b, i) => b * (mask[i] ?? 0)), distance: squared.map(Math.sqrt) };
};

/** Soft mask for FSC: 1 within `radius`, a cosine edge of `edge` Å, 0 beyond. */
export const softMask = ({ distance }: Envelope, radius: number, edge: number): Float32Array =>
  distance.map((d) => {
    const position = (d - radius) / edge;
    if (position <= 0) return 1;
    return position >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * position);
  });
