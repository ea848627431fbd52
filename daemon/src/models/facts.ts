import type { ModelFacts } from '@chimerax-like/rpc';
import type { ModelColumns } from '@locscale/native';

const waterNames: ReadonlySet<string> = new Set(['HOH', 'DOD', 'WAT', 'H2O']);

/** Counts what a model consists of. */
export function modelFacts(atoms: ModelColumns, models: number): ModelFacts {
  const waterCompounds = atoms.compoundNames.map((name) => waterNames.has(name));
  const isWater = (residue: number): boolean => waterCompounds[atoms.residueNames[residue] ?? 0] === true;
  let [hydrogens, waters, alternates, anisotropic] = [0, 0, 0, 0];
  let [least, most] = [Infinity, -Infinity];
  atoms.elements.forEach((element, i) => {
    if (element === 1) hydrogens += 1;
    if (isWater(atoms.residues[i] ?? 0)) waters += 1;
    if (atoms.alternates[i] !== 0) alternates += 1;
    if (!Number.isNaN(atoms.equivalentB[i])) anisotropic += 1;
    const b = atoms.bFactors[i] ?? 0;
    least = Math.min(least, b);
    most = Math.max(most, b);
  });
  return {
    atoms: atoms.elements.length,
    residues: atoms.residueNumbers.length,
    chains: atoms.chains.length,
    hydrogens,
    waters,
    alternates,
    anisotropic,
    models,
    bFactors: [least, most],
  };
}
