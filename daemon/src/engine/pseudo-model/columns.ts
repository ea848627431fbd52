import type { Grid } from '@chimerax-like/rpc';
import { type ModelColumns, noRow } from '@locscale/native';

/** Residue name that marks pseudo-atoms: the wwPDB's dummy atom. */
export const pseudoCompound = 'DUM';
/** Chain of the pseudo-atoms of a model that consists of nothing else. */
const chain = 'P';
/** Start value, Å²; refinement replaces it. */
const startB = 20;

/** LocScale's shares of the elements in pseudo-atoms: atomic number, name, share. */
const elements = [
  { number: 6, name: 'C', share: 0.63 },
  { number: 7, name: 'N', share: 0.17 },
  { number: 8, name: 'O', share: 0.2 },
] as const;

/**
 * Which element each pseudo-atom gets, as an index into `elements`. LocScale draws lots; here each atom gets the element that
 * lags furthest behind its share, so that any run of atoms has the right mixture and a repeated run the same.
 */
function mixture(count: number): Uint32Array {
  const given = elements.map(() => 0);
  return Uint32Array.from({ length: count }, (_, i) => {
    const lags = elements.map(({ share }, e) => share * (i + 1) - (given[e] ?? 0));
    const chosen = lags.indexOf(Math.max(...lags));
    given[chosen] = (given[chosen] ?? 0) + 1;
    return chosen;
  });
}

/** Positions in voxels (x, y, z) as atoms of a model in Å: one residue of its own for each, marked by the residue's name. */
export function pseudoAtomColumns(positions: Float64Array, { voxelSize, origin }: Grid): ModelColumns {
  const count = positions.length / 3;
  const kinds = mixture(count);
  const numbers = Uint32Array.from({ length: count }, (_, i) => i);
  return {
    positions: positions.map((value, i) => (origin[i % 3] ?? 0) + value * (voxelSize[i % 3] ?? 1)),
    elements: Uint8Array.from(kinds, (kind) => elements[kind]?.number ?? 0),
    bFactors: new Float32Array(count).fill(startB),
    occupancies: new Float32Array(count).fill(1),
    equivalentB: new Float32Array(count).fill(NaN),
    alternates: new Uint8Array(count),
    names: kinds,
    residues: numbers,
    rows: new Uint32Array(count).fill(noRow),
    atomNames: elements.map(({ name }) => name),
    residueNames: new Uint32Array(count),
    residueChains: new Uint32Array(count),
    residueNumbers: Int32Array.from(numbers, (i) => i + 1),
    insertions: new Uint8Array(count),
    heteros: new Uint8Array(count).fill(1),
    compoundNames: [pseudoCompound],
    chains: [chain],
  };
}
