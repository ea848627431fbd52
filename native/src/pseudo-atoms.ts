import { controlled, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { expectLength, expectShape, voxelCount, type Shape } from './shape.js';

/**
 * How pseudo-atoms find their places (docs/pseudo-models.md): `settle` goes down the energy of map and neighbours until they
 * rest; `kick` only drives them apart, for maps too poor to follow. The other two are LocScale 2.3.1's own.
 */
export type PseudoAtomSolver = 'settle' | 'locscale-steps' | 'kick' | 'locscale-kick';

/** A map, a mask on the same grid, and what to make of them. */
export interface PseudoAtomInput {
  /** Unsharpened map, density positive; C order (z, y, x). */
  readonly map: Float32Array;
  /** Mask or confidence map. */
  readonly mask: Float32Array;
  readonly shape: Shape;
  /** Voxels of the mask with at least this value may hold atoms. */
  readonly threshold: number;
  readonly atoms: number;
  /** Preferred smallest distance of two atoms, voxels. */
  readonly distance: number;
  readonly solver: PseudoAtomSolver;
  /** Iterations at most; `locscale-steps` takes all of them. */
  readonly iterations: number;
  /** Whole number from 0 to 2³² - 1. */
  readonly seed: number;
}

/** One entry for each iteration; the first is the start. Lengths in voxels. */
export interface PseudoAtomHistory {
  /** Falls with every iteration of `settle`; NaN for the other solvers, which have none. */
  readonly energy: Float64Array;
  readonly meanStep: Float64Array;
  /** Atoms with a neighbour nearer than the preferred distance. */
  readonly closeContacts: Float64Array;
  /** Median distance to the nearest neighbour; infinite beyond three times the preferred distance. */
  readonly medianNeighbour: Float64Array;
  /** Atoms inside the mask. */
  readonly inside: Float64Array;
  /** Mean of the map at the atoms. */
  readonly meanMap: Float64Array;
}

export interface PseudoAtoms extends PseudoAtomHistory {
  /** x, y, z of each atom in voxels; the centre of voxel [0,0,0] is 0. */
  readonly positions: Float64Array;
  /** Distance of each atom to its nearest neighbour, voxels; infinite beyond three times the preferred distance. */
  readonly nearest: Float32Array;
  /** Whether the atoms came to rest. */
  readonly settled: boolean;
}

interface PseudoAtomAddon {
  countReaching(task: { mask: Float32Array; threshold: number }): Promise<number>;
  buildPseudoAtoms(
    task: Omit<PseudoAtomInput, 'solver'> & { solver: number; control: ControlBlock; threads: number },
  ): Promise<PseudoAtoms>;
}

/** Twin of `Solver` in native/kernels/pseudo_atoms/build.h. */
const solvers: readonly PseudoAtomSolver[] = ['settle', 'locscale-steps', 'kick', 'locscale-kick'];

/** More atoms than any map holds; beyond it somebody mistook a unit. */
const mostAtoms = 20_000_000;
const mostIterations = 100_000;

/** Number of voxels of a mask that are at least `threshold`. */
export function countReaching(mask: Float32Array, threshold: number): Promise<number> {
  return controlled({}, () => addon<PseudoAtomAddon>().countReaching({ mask, threshold }));
}

/**
 * Places pseudo-atoms in a mask and lets them find their places in a map. Bitwise the same for one seed, whatever the number of
 * threads. Memory beyond the arrays: 8 bytes for each voxel of the mask, about 1.2 kB for each atom.
 */
export async function buildPseudoAtoms(input: PseudoAtomInput, options: CallOptions = {}): Promise<PseudoAtoms> {
  const { map, mask, shape, threshold, atoms, distance, solver, iterations, seed } = input;
  expectShape(shape);
  expectLength('The map', map, voxelCount(shape));
  expectLength('The mask', mask, voxelCount(shape));
  expectWhole('number of pseudo-atoms', atoms, 1, mostAtoms);
  expectWhole('number of iterations', iterations, 0, mostIterations);
  expectWhole('seed', seed, 0, 2 ** 32 - 1);
  if (!(threshold > 0 && Number.isFinite(threshold)))
    throw new NativeError('input.parameter', `The threshold of the mask is ${threshold}; give a number above 0.`);
  if (!(distance > 0 && distance <= Math.max(...shape)))
    throw new NativeError(
      'input.parameter',
      `The distance of pseudo-atoms is ${distance} voxels; give a number above 0 and below the edge of the box.`,
    );
  return controlled(options, (control, threads) =>
    addon<PseudoAtomAddon>().buildPseudoAtoms({ ...input, solver: solvers.indexOf(solver), control, threads }),
  );
}

function expectWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new NativeError(
    'input.parameter',
    `The ${name} is ${value}; expected a whole number from ${least} to ${most}.`,
  );
}
