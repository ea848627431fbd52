import type { Backbone, Region } from './atom.js';
import {
  add,
  cross,
  dot,
  frameAlong,
  mean,
  movement,
  normalise,
  placeAtom,
  scale,
  subtract,
  type Vec3,
} from './vector.js';

// Bond lengths (Å) and angles (degrees) of the main chain: Engh and Huber (1991), Acta Cryst. A47, 392–400.
const bond = { nCa: 1.458, caC: 1.525, cN: 1.329, cO: 1.231, caCb: 1.53 };
const angle = { nCaC: 111.2, caCN: 116.2, cNCa: 121.7, caCO: 120.8, nCaCb: 110.5 };
/** Dihedral C-N-CA-CB of an L amino acid. */
const cbImproper = -122.5;

/**
 * Dihedral angles, degrees: the alpha helix of Arnott and Dover (1967), and a strand with the twist of a barrel, chosen in
 * the beta region so that neighbours in this barrel hydrogen-bond without touching.
 */
export const conformations = {
  helix: { phi: -57, psi: -47 },
  strand: { phi: -120, psi: 140 },
} as const;

interface MainChain {
  readonly N: Vec3;
  readonly CA: Vec3;
  readonly C: Vec3;
}

/** Cβ of an L amino acid; measured from C, not from the carbonyl before, so that it also holds for a first residue. */
export const placeCb = ({ N, CA, C }: MainChain): Vec3 => placeAtom(C, N, CA, bond.caCb, angle.nCaCb, cbImproper);

/** Completes a residue; `nextN` is the nitrogen of the following residue, which fixes the carbonyl plane. */
export const completeResidue = ({ N, CA, C }: MainChain, nextN: Vec3, region: Region): Backbone => ({
  region,
  N,
  CA,
  C,
  O: placeAtom(nextN, CA, C, bond.cO, angle.caCO, 180),
  CB: placeCb({ N, CA, C }),
});

/** Main-chain dihedral angles of a residue, degrees. */
export interface Dihedrals {
  readonly phi: number;
  readonly psi: number;
}

/** A regular segment of `count` residues, all with the same dihedral angles; position and orientation are arbitrary. */
export const regularSegment = (kind: keyof typeof conformations, count: number, region: Region): Backbone[] =>
  segment(() => conformations[kind], count, region);

/** A segment whose residues have the dihedral angles that `dihedralsOf` gives for each; position and orientation are arbitrary. */
export const segment = (dihedralsOf: (residue: number) => Dihedrals, count: number, region: Region): Backbone[] => {
  const first: Vec3 = [0, 0, 0];
  const second: Vec3 = [bond.nCa, 0, 0];
  const third = placeAtom([0, 1, 0], first, second, bond.caC, angle.nCaC, 0);
  const chain: MainChain[] = [{ N: first, CA: second, C: third }];
  const following: Vec3[] = [];
  let last: MainChain = { N: first, CA: second, C: third };
  for (let i = 0; i < count; i++) {
    const N = placeAtom(last.N, last.CA, last.C, bond.cN, angle.caCN, dihedralsOf(i).psi);
    const CA = placeAtom(last.CA, last.C, N, bond.nCa, angle.cNCa, 180);
    const C = placeAtom(last.C, N, CA, bond.caC, angle.nCaC, dihedralsOf(i + 1).phi);
    following.push(N);
    last = { N, CA, C };
    chain.push(last);
  }
  return following.map((nextN, i) => completeResidue(chain[i] ?? last, nextN, region));
};

const move = (residue: Backbone, by: (point: Vec3) => Vec3): Backbone => ({
  region: residue.region,
  N: by(residue.N),
  CA: by(residue.CA),
  C: by(residue.C),
  O: by(residue.O),
  CB: by(residue.CB),
});

/** Direction of a segment: the mean step over two residues (strand) or four (helix), in which the winding cancels. */
const direction = (residues: readonly Backbone[], stride: number): Vec3 => {
  const steps = residues.slice(stride).map((residue, i) => subtract(residue.CA, residues[i]?.CA ?? residue.CA));
  return normalise(mean(steps));
};

/**
 * Axis of an ideal helix: second differences of its CA positions point at the axis, so it is perpendicular to all of
 * them (Kahn 1989, Comput. Chem. 13, 185–189).
 */
const helixAxis = (residues: readonly Backbone[]): Vec3 => {
  const inward = residues.slice(2).map((residue, i) => {
    const before = residues[i]?.CA ?? residue.CA;
    const middle = residues[i + 1]?.CA ?? residue.CA;
    return normalise(subtract(add(before, residue.CA), scale(middle, 2)));
  });
  const normals = inward.slice(1).map((vector, i) => cross(inward[i] ?? vector, vector));
  const axis = normalise(mean(normals));
  return dot(axis, direction(residues, 4)) < 0 ? scale(axis, -1) : axis;
};

/**
 * Lays a segment along a line: its middle at `centre`, its axis along `along`, and the side of its even residues (strand)
 * or of its middle residue (helix) towards `side`.
 */
export const layAlong = (
  residues: readonly Backbone[],
  kind: keyof typeof conformations,
  centre: Vec3,
  along: Vec3,
  side: Vec3,
): Backbone[] => {
  const axis = kind === 'helix' ? helixAxis(residues) : direction(residues, 2);
  const sides = residues.map((r, i) => scale(subtract(r.CB, r.CA), i % 2 === 0 ? 1 : -1));
  const middle = residues[Math.floor(residues.length / 2)];
  const towards = kind === 'strand' || middle === undefined ? mean(sides) : subtract(middle.CB, middle.CA);
  const from = frameAlong(mean(residues.map((r) => r.CA)), axis, towards);
  return residues.map((residue) => move(residue, movement(from, frameAlong(centre, along, side))));
};
