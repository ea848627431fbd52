import { createRandom, seedFor, type Random } from '../random.js';
import type { Atom, Backbone, Region } from './atom.js';
import { buildFold } from './fold.js';
import { NeighbourGrid } from './neighbour-grid.js';
import { relaxBackbone } from './relax.js';
import { type PlacedAtom, type ResidueName, rotamers, sideChain } from './side-chains.js';
import { add, dot, length, subtract, type Vec3 } from './vector.js';

/** Residue types tried in random order; the last resort is always alanine, then glycine. */
const inside: readonly ResidueName[] = ['VAL', 'VAL', 'ALA', 'ILE', 'LEU', 'THR', 'SER', 'MET'];
const buried: readonly ResidueName[] = ['LEU', 'LEU', 'VAL', 'ILE', 'PHE', 'MET', 'ALA', 'TYR'];
const exposed: readonly ResidueName[] = ['LYS', 'GLU', 'ARG', 'ASP', 'LEU', 'TYR', 'SER', 'ALA', 'GLU', 'LYS'];
const turning: readonly ResidueName[] = ['GLY', 'SER', 'ASP', 'THR', 'LYS', 'GLU', 'ALA', 'TYR', 'ARG'];

/** Closest approach that a new side-chain atom may have to atoms of other residues, Å. */
const contact = 3.1;

const candidates = (residue: Backbone): readonly ResidueName[] => {
  const { CA, CB, region } = residue;
  if (region === 'loop' || region === 'tail' || region === 'hinge') return turning;
  // In the barrel plane, does the side chain point to the axis (z)?
  const radial: Vec3 = [CA[0], CA[1], 0];
  const outwards = dot(subtract(CB, CA), radial) > 0;
  if (region === 'strand') return outwards ? buried : inside;
  if (region === 'helix') return outwards ? exposed : buried;
  return exposed;
};

const closest = (atoms: readonly PlacedAtom[], residueNumber: number, grid: NeighbourGrid<number>): number =>
  Math.min(
    Infinity,
    // CB was placed with the main chain and cannot be chosen.
    ...atoms
      .filter((atom) => atom.name !== 'CB')
      .map((atom) => grid.nearest(atom.position, (other) => other !== residueNumber)),
  );

/** The first residue type, in random order, that fits with one of its rotamers. */
const chooseSideChain = (residue: Backbone, residueNumber: number, grid: NeighbourGrid<number>, random: Random) => {
  const types = candidates(residue);
  const tries = [...Array.from({ length: 5 }, () => types[Math.floor(random.uniform() * types.length)] ?? 'ALA')];
  for (const name of tries) {
    const fits = rotamers(name)
      .map((chis) => sideChain(residue, name, chis))
      .map((atoms) => ({ name, atoms, gap: closest(atoms, residueNumber, grid) }));
    const best = fits.reduce((a, b) => (b.gap > a.gap ? b : a));
    if (best.gap >= contact) return best;
  }
  const roomForCb = grid.nearest(residue.CB, (other) => other !== residueNumber) > 2.8;
  const name: ResidueName = roomForCb ? 'ALA' : 'GLY';
  return { name, atoms: sideChain(residue, name, []), gap: contact };
};

const baseB: Readonly<Record<Region, number>> = { strand: 18, helix: 30, loop: 50, arm: 70, hinge: 85, tail: 140 };

/**
 * Isotropic B of an atom (Å²): a level for its region, a share that grows with the squared distance from a point left of
 * the barrel axis (as for a rigid body that librates about it), a little more for outer side-chain atoms.
 */
const bFactorOf = (region: Region, position: Vec3, depth: number, alongTail: number): number => {
  const offset = length(add(position, [6, 0, 6]));
  return Math.min(300, baseB[region] + 0.028 * offset * offset + 3 * depth + 100 * alongTail);
};

/** Options of the structure; the same seed gives the same atoms (to rounding, on another platform). */
export interface StructureOptions {
  readonly seed: number;
}

/**
 * The demonstration's own idealised protein: about 2,000 non-hydrogen atoms in Å about the origin, with B-factors from
 * about 20 Å² (inner sheet) to over 200 Å² (tail). It copies no entry of any database.
 */
export const buildStructure = ({ seed }: StructureOptions): Atom[] => {
  const fold = buildFold(createRandom(seedFor(seed, 'fold')));
  const chain = relaxBackbone(
    fold,
    (residue) => residue.region === 'loop' || residue.region === 'tail' || residue.region === 'hinge',
  );
  const random = createRandom(seedFor(seed, 'side chains'));
  const grid = new NeighbourGrid<number>(4);
  chain.forEach(({ N, CA, C, O, CB }, i) => {
    for (const position of [N, CA, C, O, CB]) grid.insert(position, i + 1);
  });
  const tailLength = chain.filter((residue) => residue.region === 'tail').length;
  const tailStart = chain.length - tailLength;

  return chain.flatMap((residue, i) => {
    const residueNumber = i + 1;
    const { name, atoms: side } = chooseSideChain(residue, residueNumber, grid, random);
    for (const atom of side) if (atom.name !== 'CB') grid.insert(atom.position, residueNumber);
    const main: readonly PlacedAtom[] = [
      { name: 'N', element: 'N', position: residue.N },
      { name: 'CA', element: 'C', position: residue.CA },
      { name: 'C', element: 'C', position: residue.C },
      { name: 'O', element: 'O', position: residue.O },
    ];
    const alongTail = residue.region === 'tail' ? (i - tailStart) / tailLength : 0;
    return [...main, ...side].map((atom, k): Atom => {
      const depth = Math.max(0, k - 4);
      const bFactor = bFactorOf(residue.region, atom.position, depth, alongTail);
      return { ...atom, residue: name, residueNumber, region: residue.region, bFactor };
    });
  });
};
