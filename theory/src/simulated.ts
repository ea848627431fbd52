import { createRandom, type Random, seedFor } from '../../demo/dist/random.js';
import type { Scatterer } from './scattering.js';
import { helixBundle } from './structures/helices.js';
import { layeredFold, sheetSandwich } from './structures/sheets.js';

const builders = {
  helix: helixBundle,
  sheet: sheetSandwich,
  mixed: layeredFold,
} as const satisfies Readonly<Record<string, (random: Random) => Scatterer[]>>;

export type SimulatedClass = keyof typeof builders;

export const simulatedClasses = Object.keys(builders) as readonly SimulatedClass[];

/** Structures averaged for each class. */
export const structuresPerClass = 24;

/** The simulated structures of a class, one after the other; number n is the same in every run. */
export function* simulatedStructures(name: SimulatedClass, count = structuresPerClass): Generator<Scatterer[]> {
  for (let n = 1; n <= count; n++) yield builders[name](createRandom(seedFor(n, `theory ${name}`)));
}
