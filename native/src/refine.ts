import { controlled, controlWord, type CallOptions, type ControlBlock } from './control.js';
import { NativeError } from './errors.js';
import { addon } from './load.js';
import { atomWords, type Atoms, type AtomWords, type ModelGrid } from './model.js';
import { expectLength, voxelCount } from './shape.js';

/** What isotropic B-factors are refined against. Maps in C order (z, y, x). */
export interface RefineAdpInput {
  /** Positions and occupancies stay; B-factors are not looked at. Hydrogens are not refined. */
  readonly atoms: Atoms;
  readonly grid: ModelGrid;
  /** Two half maps; or one map, for which nothing is held back. */
  readonly maps: readonly [half1: Float32Array, half2: Float32Array] | readonly [map: Float32Array];
  /** Values from 0 to 1 that the maps are multiplied with. */
  readonly mask?: Float32Array | undefined;
  /** 1 for pseudo-atoms, whose pairs are restrained more tightly. */
  readonly pseudo?: Uint8Array | undefined;
  /** Finest resolution used, Å. */
  readonly resolution: number;
  /** Weight of the restraints; default: chosen by the half maps, 0.5 with one map. */
  readonly restraintWeight?: number | undefined;
}

/** One accepted step of the minimisation. */
export interface RefinementCycle {
  /** Counts the minimisations: each restraint weight that is tried against half map 1, then all data. */
  readonly stage: number;
  readonly against: 'half map 1' | 'all data';
  readonly restraintWeight: number;
  /** Evaluations of the target so far in this stage. */
  readonly evaluation: number;
  readonly target: number;
  /** FSC with the map that is refined against, mean over all coefficients. */
  readonly fscWork: number;
  /** The same with half map 2; null against all data. */
  readonly fscFree: number | null;
}

/** FSC of a model refined against half map 1, with half map 1 (work) and half map 2 (free). */
export interface HalfMapFsc {
  readonly work: number;
  readonly free: number;
}

/** Curves over shells of resolution; FSC with all data. */
export interface RefinementShells {
  /** Root mean square frequency of each shell, 1/Å. */
  readonly frequency: Float64Array;
  /** Coefficients in it, Friedel mates once. */
  readonly count: Float64Array;
  readonly fscBefore: Float64Array;
  readonly fsc: Float64Array;
  /** Scale and variance of the target. */
  readonly scale: Float64Array;
  readonly variance: Float64Array;
}

export interface RefinedAdp {
  /** Of every atom, Å²; those that were not refined have the mean of refined neighbours. */
  readonly bFactors: Float32Array;
  /** 1 where the B-factor was refined. */
  readonly refined: Uint8Array;
  readonly restraintWeight: number;
  /** Restraint weights that were tried; empty with one map. */
  readonly trials: readonly (HalfMapFsc & { readonly restraintWeight: number })[];
  /** With one B-factor for all atoms; null with one map. */
  readonly halfMapsBefore: HalfMapFsc | null;
  /** Mean FSC with all data, before (one B-factor for all atoms) and after. */
  readonly fscBefore: number;
  readonly fsc: number;
  readonly shells: RefinementShells;
  readonly evaluations: number;
  /** Atoms outside the box. */
  readonly outside: number;
  /** Atoms at the bounds, 2 and 800 Å². */
  readonly atLeast: number;
  readonly atMost: number;
}

export interface RefineAdpOptions extends CallOptions {
  readonly onCycle?: ((cycle: RefinementCycle) => void) | undefined;
}

type RefineWords = AtomWords & {
  map: Float32Array;
  half2?: Float32Array;
  mask?: Float32Array;
  pseudo?: Uint8Array;
  dMin: number;
  startB: number;
  lambda?: number;
  cycles: Float64Array;
  control: ControlBlock;
  threads: number;
};

interface RefineAddon {
  refineAdp(task: RefineWords): Promise<
    RefinementShellWords & {
      bFactors: Float32Array;
      refined: Uint8Array;
      trials: Float64Array;
      lambda: number;
      fscWorkBefore: number;
      fscFreeBefore: number;
      fscBefore: number;
      fsc: number;
      evaluations: number;
      outside: number;
      atLeast: number;
      atMost: number;
    }
  >;
  averageBFactors(task: {
    positions: Float64Array;
    bFactors: Float32Array;
    radius: number;
    control: ControlBlock;
    threads: number;
  }): Promise<Float32Array>;
  bFactorShift(task: { bFactors: Float32Array }): Promise<number>;
}

interface RefinementShellWords {
  frequency: Float64Array;
  count: Float64Array;
  fscCurveBefore: Float64Array;
  fscCurve: Float64Array;
  scale: Float64Array;
  variance: Float64Array;
}

/** Most cycles that the kernel reports, and the numbers of each. */
const mostCycles = 256;
const cycleWords = 7;
/** B-factor of all atoms before the map says anything, Å². */
const startB = 40;

/**
 * Refines isotropic B-factors with fixed positions (docs/refinement.md). The result is the same to the bit for any number of
 * threads. Memory beyond the arrays: 8 bytes a voxel of the part of the box around the model, 20 to 24 a voxel of the coarser
 * grid that the resolution asks for, about 300 an atom.
 */
export async function refineAdp(input: RefineAdpInput, options: RefineAdpOptions = {}): Promise<RefinedAdp> {
  const { atoms, grid, maps, mask, pseudo, resolution, restraintWeight } = input;
  const words = atomWords(atoms, grid);
  const [map, half2] = maps;
  const voxels = voxelCount(grid.shape);
  expectLength(half2 === undefined ? 'The map' : 'The first half map', map, voxels);
  if (half2 !== undefined) expectLength('The second half map', half2, voxels);
  if (mask !== undefined) expectLength('The mask', mask, voxels);
  if (pseudo !== undefined) expectLength('The marks of pseudo-atoms', pseudo, atoms.elements.length, 'numbers');
  const finest = 2 * Math.max(...grid.voxelSize);
  if (!(resolution >= finest && resolution <= 100))
    throw new NativeError(
      'input.parameter',
      `The resolution is ${resolution} Å; give a number from ${finest.toFixed(2)} (twice the voxel size) to 100.`,
    );
  if (restraintWeight !== undefined && !(restraintWeight >= 0 && restraintWeight <= 1000))
    throw new NativeError(
      'input.parameter',
      `The restraint weight is ${restraintWeight}; give a number from 0 to 1000.`,
    );
  const cycles = new Float64Array(mostCycles * cycleWords);
  const found = await controlled(
    options,
    (control, threads) =>
      addon<RefineAddon>().refineAdp({
        ...words,
        map,
        ...(half2 === undefined ? {} : { half2 }),
        ...(mask === undefined ? {} : { mask }),
        ...(pseudo === undefined ? {} : { pseudo }),
        dMin: resolution,
        startB,
        ...(restraintWeight === undefined ? {} : { lambda: restraintWeight }),
        cycles,
        control,
        threads,
      }),
    { slabs: mostCycles, onPoll: cycleReader(cycles, options.onCycle) },
  );
  const { frequency, count, fscCurveBefore, fscCurve, scale, variance } = found;
  const { bFactors, refined, fscBefore, fsc, evaluations, outside, atLeast, atMost } = found;
  const trials = Array.from({ length: found.trials.length / 3 }, (_, i) => {
    const [weight = NaN, work = NaN, free = NaN] = found.trials.subarray(3 * i, 3 * i + 3);
    return { restraintWeight: weight, work, free };
  });
  return {
    bFactors,
    refined,
    restraintWeight: found.lambda,
    trials,
    halfMapsBefore: half2 === undefined ? null : { work: found.fscWorkBefore, free: found.fscFreeBefore },
    fscBefore,
    fsc,
    shells: { frequency, count, fscBefore: fscCurveBefore, fsc: fscCurve, scale, variance },
    evaluations,
    outside,
    atLeast,
    atMost,
  };
}

/** Tells cycles that the kernel has published since the last look. */
function cycleReader(
  cycles: Float64Array,
  tell: ((cycle: RefinementCycle) => void) | undefined,
): (control: ControlBlock) => void {
  let next = 0;
  return (control) => {
    for (; next < mostCycles && Atomics.load(control, controlWord.firstSlab + next) === 1; next++) {
      const row = cycles.subarray(next * cycleWords, (next + 1) * cycleWords);
      const [stage = 0, final = 0, restraintWeight = 0, evaluation = 0, target = 0, fscWork = 0, free = NaN] = row;
      tell?.({
        stage,
        against: final === 1 ? 'all data' : 'half map 1',
        restraintWeight,
        evaluation,
        target,
        fscWork,
        fscFree: Number.isNaN(free) ? null : free,
      });
    }
  };
}

/** Mean B-factor of all atoms within `radius` Å of each atom, itself included; the box is not periodic here. */
export async function averageBFactors(
  { positions, bFactors }: Pick<Atoms, 'positions' | 'bFactors'>,
  radius: number,
  options: CallOptions = {},
): Promise<Float32Array> {
  expectLength('The positions', positions, 3 * bFactors.length, 'numbers');
  if (!(radius > 0 && radius <= 1000))
    throw new NativeError('input.parameter', `The radius is ${radius} Å; give a number above 0, at most 1000.`);
  return controlled(options, (control, threads) =>
    addon<RefineAddon>().averageBFactors({ positions, bFactors, radius, control, threads }),
  );
}

/** The B-factor that LocScale takes from all: their smoothed 1 % quantile, at least 0, Å² (docs/refinement.md). */
export function bFactorShift(bFactors: Float32Array): Promise<number> {
  return controlled({}, () => addon<RefineAddon>().bFactorShift({ bFactors }));
}
