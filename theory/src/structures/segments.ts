import type { Random } from '../../../demo/dist/random.js';
import type { Backbone } from '../../../demo/dist/structure/atom.js';
import { type Dihedrals, segment } from '../../../demo/dist/structure/segments.js';

/** Mean and standard deviation of the main-chain dihedral angles, degrees. */
interface Conformation extends Dihedrals {
  readonly deviation: number;
}

/**
 * Helix: angles near the mean of deposited alpha helices, which with the bond angles of the builder rise 1.51 Å per
 * residue. Strand: the middle of the antiparallel region. Real segments scatter more, but by correlated changes that
 * leave them straight; here each residue is independent.
 */
const conformations = {
  helix: { phi: -65, psi: -42, deviation: 2.5 },
  strand: { phi: -120, psi: 138, deviation: 4 },
} as const satisfies Readonly<Record<string, Conformation>>;

/** A helix or strand of `count` residues with slightly irregular dihedral angles. */
export const irregularSegment = (kind: keyof typeof conformations, count: number, random: Random): Backbone[] => {
  const { phi, psi, deviation } = conformations[kind];
  const dihedrals = Array.from({ length: count + 1 }, () => ({
    phi: phi + deviation * random.normal(),
    psi: psi + deviation * random.normal(),
  }));
  return segment((residue) => dihedrals[residue] ?? { phi, psi }, count, kind);
};
