import { type Atoms, meanProteinAtom, type ModelColumns } from '@locscale/native';
import { pseudoCompound } from './columns.js';

/** 1 for atoms that their file marks as pseudo-atoms, by the name of their residue; undefined when there are none. */
export function pseudoMarks({ residues, residueNames, compoundNames }: ModelColumns): Uint8Array | undefined {
  const marked = compoundNames.map((name) => name === pseudoCompound);
  if (!marked.includes(true)) return undefined;
  return Uint8Array.from(residues, (residue) => Number(marked[residueNames[residue] ?? 0] === true));
}

/**
 * Atoms as calculations take them: a pseudo-atom scatters as the mean atom of a protein, whatever element it is written as
 * (docs/pseudo-models.md). `pseudo`: 1 for pseudo-atoms; undefined: there are none.
 */
export function scatterers(atoms: Atoms, pseudo: Uint8Array | undefined): Atoms {
  if (pseudo === undefined) return atoms;
  const elements = atoms.elements.map((element, i) => (pseudo[i] === 1 ? meanProteinAtom : element));
  return { ...atoms, elements };
}
