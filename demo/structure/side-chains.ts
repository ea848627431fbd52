import type { Backbone, Element } from './atom.js';
import { placeAtom, type Vec3 } from './vector.js';

/** One side-chain atom from three placed ones: bond (Å), angle and dihedral (degrees; added to chi number `chi` if given). */
interface SideAtom {
  readonly name: string;
  readonly element: Element;
  readonly from: readonly [string, string, string];
  readonly bond: number;
  readonly angle: number;
  readonly dihedral: number;
  readonly chi?: 0 | 1 | 2 | 3;
}

export interface PlacedAtom {
  readonly name: string;
  readonly element: Element;
  readonly position: Vec3;
}

const atom = (
  name: string,
  element: Element,
  from: readonly [string, string, string],
  [bond, angle, dihedral]: readonly [number, number, number],
  chi?: 0 | 1 | 2 | 3,
): SideAtom => ({ name, element, from, bond, angle, dihedral, ...(chi === undefined ? {} : { chi }) });

const gamma = (name: string, element: Element, bond: number, angle: number, dihedral = 0): SideAtom =>
  atom(name, element, ['N', 'CA', 'CB'], [bond, angle, dihedral], 0);

const phenyl: readonly SideAtom[] = [
  gamma('CG', 'C', 1.502, 113.8),
  atom('CD1', 'C', ['CA', 'CB', 'CG'], [1.384, 120.7, 0], 1),
  atom('CD2', 'C', ['CA', 'CB', 'CG'], [1.384, 120.7, 180], 1),
  atom('CE1', 'C', ['CB', 'CG', 'CD1'], [1.384, 120.7, 180]),
  atom('CE2', 'C', ['CB', 'CG', 'CD2'], [1.384, 120.7, 180]),
  atom('CZ', 'C', ['CG', 'CD1', 'CE1'], [1.382, 120, 0]),
];

// Bond lengths and angles beyond CB: Engh and Huber (1991), rounded; enough residue types for protein-like density.
const templates = {
  GLY: [],
  ALA: [],
  SER: [gamma('OG', 'O', 1.417, 111.1)],
  VAL: [gamma('CG1', 'C', 1.521, 110.5), gamma('CG2', 'C', 1.521, 110.5, 122.5)],
  THR: [gamma('OG1', 'O', 1.433, 109.6), gamma('CG2', 'C', 1.521, 110.5, -121)],
  LEU: [
    gamma('CG', 'C', 1.53, 116.3),
    atom('CD1', 'C', ['CA', 'CB', 'CG'], [1.521, 110.7, 0], 1),
    atom('CD2', 'C', ['CA', 'CB', 'CG'], [1.521, 110.7, 122], 1),
  ],
  ILE: [
    gamma('CG1', 'C', 1.53, 110.4),
    gamma('CG2', 'C', 1.521, 110.5, -122.5),
    atom('CD1', 'C', ['CA', 'CB', 'CG1'], [1.513, 113.8, 0], 1),
  ],
  MET: [
    gamma('CG', 'C', 1.52, 114.1),
    atom('SD', 'S', ['CA', 'CB', 'CG'], [1.803, 112.7, 0], 1),
    atom('CE', 'C', ['CB', 'CG', 'SD'], [1.791, 100.9, 0], 2),
  ],
  PHE: phenyl,
  TYR: [...phenyl, atom('OH', 'O', ['CD1', 'CE1', 'CZ'], [1.376, 119.9, 180])],
  ASP: [
    gamma('CG', 'C', 1.516, 112.6),
    atom('OD1', 'O', ['CA', 'CB', 'CG'], [1.249, 118.4, 0], 1),
    atom('OD2', 'O', ['CA', 'CB', 'CG'], [1.249, 118.4, 180], 1),
  ],
  GLU: [
    gamma('CG', 'C', 1.52, 114.1),
    atom('CD', 'C', ['CA', 'CB', 'CG'], [1.516, 112.6, 0], 1),
    atom('OE1', 'O', ['CB', 'CG', 'CD'], [1.249, 118.4, 0], 2),
    atom('OE2', 'O', ['CB', 'CG', 'CD'], [1.249, 118.4, 180], 2),
  ],
  LYS: [
    gamma('CG', 'C', 1.52, 114.1),
    atom('CD', 'C', ['CA', 'CB', 'CG'], [1.52, 111.3, 0], 1),
    atom('CE', 'C', ['CB', 'CG', 'CD'], [1.52, 111.3, 0], 2),
    atom('NZ', 'N', ['CG', 'CD', 'CE'], [1.489, 111.9, 0], 3),
  ],
  ARG: [
    gamma('CG', 'C', 1.52, 114.1),
    atom('CD', 'C', ['CA', 'CB', 'CG'], [1.52, 111.3, 0], 1),
    atom('NE', 'N', ['CB', 'CG', 'CD'], [1.46, 112, 0], 2),
    atom('CZ', 'C', ['CG', 'CD', 'NE'], [1.329, 124.2, 180], 3),
    atom('NH1', 'N', ['CD', 'NE', 'CZ'], [1.326, 120, 0]),
    atom('NH2', 'N', ['CD', 'NE', 'CZ'], [1.326, 119.7, 180]),
  ],
} as const satisfies Readonly<Record<string, readonly SideAtom[]>>;

export type ResidueName = keyof typeof templates;

/** Chi angles to try: all staggered pairs of chi1 and chi2 (90° for rings); the outer chis stay extended. */
export const rotamers = (name: ResidueName): readonly (readonly number[])[] => {
  const first = [-60, 180, 60];
  const second = name === 'PHE' || name === 'TYR' ? [90, 30, -30] : name === 'ASP' ? [0, 60, -60] : [180, 60, -60];
  return first.flatMap((chi1) => second.map((chi2) => [chi1, chi2, 180, 180]));
};

/** The side chain of a residue beyond CB (and CB itself unless it is a glycine). */
export const sideChain = (residue: Backbone, name: ResidueName, chis: readonly number[]): PlacedAtom[] => {
  if (name === 'GLY') return [];
  const placed = new Map<string, Vec3>([
    ['N', residue.N],
    ['CA', residue.CA],
    ['CB', residue.CB],
  ]);
  const atoms: PlacedAtom[] = [{ name: 'CB', element: 'C', position: residue.CB }];
  const template: readonly SideAtom[] = templates[name];
  for (const side of template) {
    const [a, b, c] = side.from.map((other) => placed.get(other));
    if (a === undefined || b === undefined || c === undefined)
      throw new Error(`template ${name}: ${side.name} stands before the atoms it is placed from`);
    const turn = side.chi === undefined ? 0 : (chis[side.chi] ?? 180);
    const position = placeAtom(a, b, c, side.bond, side.angle, side.dihedral + turn);
    placed.set(side.name, position);
    atoms.push({ name: side.name, element: side.element, position });
  }
  return atoms;
};
