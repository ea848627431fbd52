import type { ModelColumns } from '@locscale/native';

const letter = (code: number | undefined): string => (code ? String.fromCharCode(code) : '');

/** One atom as people call it, e.g. `CA of VAL 12 in chain A`. */
export function atomName(atoms: ModelColumns, index: number): string {
  const residue = atoms.residues[index] ?? 0;
  const name = atoms.atomNames[atoms.names[index] ?? 0] ?? '?';
  const compound = atoms.compoundNames[atoms.residueNames[residue] ?? 0] ?? '?';
  const chain = atoms.chains[atoms.residueChains[residue] ?? 0] ?? '';
  const alternate = letter(atoms.alternates[index]);
  const number = `${atoms.residueNumbers[residue] ?? 0}${letter(atoms.insertions[residue])}`;
  const conformation = alternate === '' ? '' : ` (conformation ${alternate})`;
  return `${name}${conformation} of ${compound} ${number}${chain === '' ? '' : ` in chain ${chain}`}`;
}
