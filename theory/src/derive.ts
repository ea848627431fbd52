import { frequencyAxis, hemisphere } from './amplitudes.js';
import { averageAmplitudes } from './average.js';
import type { DepositedStructure } from './deposited.js';
import { type SimulatedClass, simulatedStructures, structuresPerClass } from './simulated.js';

/** Raise when the structures or the averaging change; the data say which version made them. */
export const derivationVersion = 1;

/** Directions in which each structure's amplitudes are taken. */
export const directionsPerStructure = 200;

/** One class of the data file. */
export interface DerivedProfile {
  /** What was averaged, in words. */
  readonly structures: string;
  /** Entries of the Protein Data Bank that were averaged, if any. */
  readonly entries?: readonly string[];
  readonly amplitudes: readonly number[];
  /** What a small part of the derivation gives (`smallPart`), for a quick test of the whole. */
  readonly check?: readonly number[];
}

/** The part that is derived again by the test: so many structures, and every so many-th point. */
export const smallPart = { structures: 2, every: 17 };

const directions = hemisphere(directionsPerStructure);
const rounded = (amplitudes: Float64Array): number[] => Array.from(amplitudes, (value) => Number(value.toPrecision(7)));

/** The small part of a simulated class. */
export const deriveSmallPart = (name: SimulatedClass): number[] =>
  rounded(
    averageAmplitudes(simulatedStructures(name, smallPart.structures), frequencyAxis(smallPart.every), directions).mean,
  );

/** The profile of a simulated class. */
export const deriveSimulated = (name: SimulatedClass): DerivedProfile => ({
  structures: `${structuresPerClass} simulated structures (theory/src/structures)`,
  amplitudes: rounded(averageAmplitudes(simulatedStructures(name), frequencyAxis(), directions).mean),
  check: deriveSmallPart(name),
});

function* read(structures: readonly DepositedStructure[]): Generator<ReturnType<DepositedStructure['read']>> {
  for (const structure of structures) yield structure.read();
}

/** The profile of deposited structures. */
export const deriveDeposited = (structures: readonly DepositedStructure[]): DerivedProfile => ({
  structures: `${structures.length} deposited X-ray structures (Protein Data Bank, CC0), polymer atoms without hydrogen`,
  entries: structures.map(({ id }) => id),
  amplitudes: rounded(averageAmplitudes(read(structures), frequencyAxis(), directions).mean),
});
