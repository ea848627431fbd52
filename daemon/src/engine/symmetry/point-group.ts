import { LocScaleError } from '@chimerax-like/rpc';
import { generatedGroup, rotationAbout, type Rotation, type Vector } from './rotations.js';

/** A point group in a definite setting: where its axes lie is part of it (docs/symmetry.md). */
export interface PointGroup {
  /** As this program writes it, e.g. `D7`, `I1`. */
  readonly name: string;
  /** All rotations, the identity first. */
  readonly rotations: readonly Rotation[];
}

const z: Vector = [0, 0, 1];
/** Cosine and sine of half the angle between neighbouring 5-folds of an icosahedron, 31.7174744 degrees. */
const [c5, s5] = [Math.sqrt((5 + Math.sqrt(5)) / 10), Math.sqrt((5 - Math.sqrt(5)) / 10)];
/** A 5-fold axis of the icosahedron that has another one on z. */
const fiveFold = (degrees: number): Vector => {
  const angle = (degrees * Math.PI) / 180;
  return [(2 / Math.sqrt(5)) * Math.cos(angle), (2 / Math.sqrt(5)) * Math.sin(angle), 1 / Math.sqrt(5)];
};

type Generator = readonly [fold: number, axis: Vector];

/** Settings with fixed axes: generators as in EMDA, RELION's I1 to I4 as servalcat has them, T222 as ChimeraX's `t`. */
const fixedGroups: Readonly<Record<string, readonly [Generator, Generator]>> = {
  T: [
    [3, z],
    [3, [0, (2 * Math.SQRT2) / 3, -1 / 3]],
  ],
  T222: [
    [2, z],
    [3, [1, 1, 1]],
  ],
  O: [
    [4, z],
    [4, [0, 1, 0]],
  ],
  I1: [
    [5, [c5, 0, s5]],
    [5, [s5, c5, 0]],
  ],
  I2: [
    [5, [0, c5, s5]],
    [5, [s5, 0, c5]],
  ],
  I3: [
    [5, fiveFold(36)],
    [5, fiveFold(252)],
  ],
  I4: [
    [5, fiveFold(216)],
    [5, z],
  ],
};

/** Other spellings: EMDA's and RELION's `I`, ChimeraX's `sym` command. */
const spellings: Readonly<Record<string, string>> = {
  I: 'I2',
  'I,222': 'I1',
  'I,222R': 'I2',
  'I,N25': 'I3',
  'I,N25R': 'I4',
  'T,222': 'T222',
};

/** Names of the settings without a number of folds. */
export const fixedGroupNames: readonly string[] = Object.keys(fixedGroups);

const greatestFold = 99;

/**
 * Reads the name of a point group, upper or lower case. `twoFold` turns the 2-folds of Dn about z: the angle of one of
 * them from x towards y, degrees.
 */
export function parsePointGroup(text: string, twoFold = 0): PointGroup {
  const upper = text.trim().toUpperCase();
  const name = spellings[upper] ?? upper;
  const fixed = Object.hasOwn(fixedGroups, name) ? fixedGroups[name] : undefined;
  const cyclic = /^([CD])([1-9]\d?)$/.exec(name);
  if (twoFold !== 0 && cyclic?.[1] !== 'D')
    throw new LocScaleError(
      'input.parameter',
      `The angle of the 2-fold axis is ${twoFold}°, but ${text} has none that can be chosen; it goes with D2 to D${greatestFold} only, leave it out.`,
    );
  if (fixed !== undefined) return { name, rotations: group(fixed) };
  if (cyclic === null)
    throw new LocScaleError(
      'input.parameter',
      `The symmetry "${text}" is not known; expected C1 to C${greatestFold}, D1 to D${greatestFold}, ${[...fixedGroupNames, ...Object.keys(spellings).map((s) => s.toLowerCase())].join(', ')}.`,
      { seen: text },
    );
  const fold = Number(cyclic[2]);
  const generators: Generator[] = [[fold, z]];
  if (cyclic[1] === 'D') {
    const angle = (twoFold * Math.PI) / 180;
    generators.push([2, twoFold === 0 ? [1, 0, 0] : [Math.cos(angle), Math.sin(angle), 0]]);
  }
  return { name: twoFold === 0 ? name : `${name} (2-fold at ${twoFold}°)`, rotations: group(generators) };
}

const group = (generators: readonly Generator[]): readonly Rotation[] =>
  generatedGroup(generators.map(([fold, axis]) => rotationAbout(axis, 360 / fold)));
