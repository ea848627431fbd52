import type { Backbone } from './atom.js';
import { NeighbourGrid } from './neighbour-grid.js';
import { placeCb } from './segments.js';
import { add, length, scale, subtract, type Vec3 } from './vector.js';

type AtomName = 'N' | 'CA' | 'C' | 'O' | 'CB';
const names: readonly AtomName[] = ['N', 'CA', 'C', 'O', 'CB'];
const perResidue = names.length;
const slot = (residue: number, name: AtomName): number => residue * perResidue + names.indexOf(name);

interface Bond {
  readonly a: number;
  readonly b: number;
  readonly target: number;
}

// All distances (Å) inside a residue and inside a trans peptide plane, from the bond lengths and angles in segments.ts:
// held together, they fix bond lengths, angles and the planarity of the peptide.
const inResidue: readonly (readonly [AtomName, AtomName, number])[] = [
  ['N', 'CA', 1.458],
  ['CA', 'C', 1.525],
  ['C', 'O', 1.231],
  ['N', 'C', 2.462],
  ['CA', 'O', 2.401],
  ['CA', 'CB', 1.53],
  ['N', 'CB', 2.456],
  ['C', 'CB', 2.503],
];
const acrossPeptide: readonly (readonly [AtomName, AtomName, number])[] = [
  ['C', 'N', 1.329],
  ['CA', 'N', 2.425],
  ['O', 'N', 2.25],
  ['C', 'CA', 2.435],
  ['CA', 'CA', 3.804],
  ['O', 'CA', 2.776],
];
/** Closest approach of main-chain atoms two or more residues apart, Å; N to O may hydrogen-bond. */
const contact = { any: 3.1, hydrogenBond: 2.8 };

const bondsOf = (count: number): Bond[] => {
  const bonds: Bond[] = [];
  for (let i = 0; i < count; i++) {
    for (const [a, b, target] of inResidue) bonds.push({ a: slot(i, a), b: slot(i, b), target });
    if (i + 1 < count)
      for (const [a, b, target] of acrossPeptide) bonds.push({ a: slot(i, a), b: slot(i + 1, b), target });
  }
  return bonds;
};

/** Pairs that are near enough to touch soon; found again every few rounds. */
const nearPairs = (points: readonly Vec3[], free: readonly boolean[]): Bond[] => {
  const grid = new NeighbourGrid<number>(5);
  points.forEach((point, i) => grid.insert(point, i));
  return points.flatMap((point, a) => {
    const near = free[a] === true ? grid.near(point) : [];
    return near
      .filter(({ item: b }) => Math.abs(Math.floor(a / perResidue) - Math.floor(b / perResidue)) >= 2)
      .filter(({ item: b }) => b > a || free[b] !== true)
      .map(({ item: b }) => {
        const pair = [names[a % perResidue], names[b % perResidue]];
        const hydrogenBond = pair.includes('N') && pair.includes('O');
        return { a, b, target: hydrogenBond ? contact.hydrogenBond : contact.any };
      });
  });
};

const idealCb = (points: readonly Vec3[], residue: number): Vec3 => {
  const [N, CA, C] = (['N', 'CA', 'C'] as const).map((name) => points[slot(residue, name)]);
  if (N === undefined || CA === undefined || C === undefined)
    throw new RangeError(`no residue ${residue} in the chain`);
  return placeCb({ N, CA, C });
};

/**
 * Gives the movable residues of a chain standard bond lengths, angles and planar peptides and clears contacts, by
 * projecting one distance after the other ("position-based dynamics"); every other residue stays where it is.
 */
export const relaxBackbone = (chain: readonly Backbone[], movable: (residue: Backbone) => boolean): Backbone[] => {
  const points = chain.flatMap((residue) => names.map((name) => residue[name]));
  const free = chain.flatMap((residue, i) => {
    const own = movable(residue);
    const next = chain[i + 1];
    const before = chain[i - 1];
    // The carbonyl before a loop and the amide after it belong to the loop's own peptide planes.
    const joinsNext = next !== undefined && movable(next);
    const joinsBefore = before !== undefined && movable(before);
    return [own || joinsBefore, own, own || joinsNext, own || joinsNext, own || joinsBefore || joinsNext];
  });
  const bonds = bondsOf(chain.length).filter(({ a, b }) => free[a] === true || free[b] === true);

  const project = ({ a, b, target }: Bond, stiffness: number, onlyApart: boolean): void => {
    const from = points[a];
    const to = points[b];
    if (from === undefined || to === undefined) return;
    const line = subtract(to, from);
    const apart = length(line);
    if (onlyApart && apart >= target) return;
    const both = free[a] === true && free[b] === true;
    const step = scale(line, ((apart - target) / Math.max(apart, 1e-6)) * stiffness * (both ? 0.5 : 1));
    if (free[a] === true) points[a] = add(from, step);
    if (free[b] === true) points[b] = subtract(to, step);
  };

  const restoreCb = (residue: number): void => {
    const cb = slot(residue, 'CB');
    if (free[cb] === true) points[cb] = idealCb(points, residue);
  };

  const rounds = 600;
  let contacts: readonly Bond[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 20 === 0) contacts = nearPairs(points, free);
    // Distances alone do not tell left from right: put each CB back on the L side.
    if (round % 10 === 0) chain.forEach((_, i) => restoreCb(i));
    // Contacts fade out, so that the covalent geometry has the last word.
    const stiffness = 0.4 * Math.min(1, (2 * (rounds - round)) / rounds);
    for (const pair of contacts) project(pair, stiffness, true);
    for (const bond of bonds) project(bond, 1, false);
  }

  chain.forEach((_, i) => restoreCb(i));
  return chain.map((residue, i) => {
    const at = (name: AtomName): Vec3 => points[slot(i, name)] ?? residue[name];
    return { region: residue.region, N: at('N'), CA: at('CA'), C: at('C'), O: at('O'), CB: at('CB') };
  });
};
