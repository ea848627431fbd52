import { LocScaleError } from '@chimerax-like/rpc';
import type { ModelColumns } from '@locscale/native';
import { atomName } from '../../../models/index.js';

/** What tells an atom from all others of its model, in any order: chain, residue number, insertion, atom name, conformation. */
export function atomKeys(atoms: ModelColumns): readonly string[] {
  return Array.from(atoms.elements, (_, i) => {
    const residue = atoms.residues[i] ?? 0;
    return [
      atoms.chains[atoms.residueChains[residue] ?? 0],
      atoms.residueNumbers[residue],
      atoms.insertions[residue],
      atoms.atomNames[atoms.names[i] ?? 0],
      atoms.alternates[i],
    ].join('\n');
  });
}

/** Refuses a model with two atoms of the same name, which servalcat would mix up. */
export function expectUnique(atoms: ModelColumns, name: string): void {
  const seen = new Set<string>();
  atomKeys(atoms).forEach((key, i) => {
    if (seen.has(key))
      throw new LocScaleError(
        'input.model',
        `${name}: ${atomName(atoms, i)} occurs more than once, but servalcat needs a different name for each atom; correct the model or use the built-in engine.`,
      );
    seen.add(key);
  });
}
