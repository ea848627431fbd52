import type { Grid } from '@chimerax-like/rpc';
import {
  buildPseudoAtoms,
  countReaching,
  type ModelColumns,
  type PseudoAtomHistory,
  type PseudoAtomSolver,
} from '@locscale/native';
import type { Step } from '../context.js';
import { pseudoAtomColumns } from '../pseudo-model/columns.js';
import { type AtomCount, expectAtoms } from '../pseudo-model/number-of-atoms.js';
import type { Compatibility } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

/** `gradient` follows the map, `kick` only drives atoms apart, for maps too poor to follow. */
export type PseudoModelMethod = 'gradient' | 'kick';

export interface BuildPseudoModelInput {
  /** Unsharpened map, density positive; C order (z, y, x). */
  readonly map: Float32Array;
  /** Confidence map or mask on the same grid, not binarised. */
  readonly mask: Float32Array;
  readonly grid: Grid;
  /** Value from which on voxels of the mask hold atoms. */
  readonly threshold: number;
  readonly count: AtomCount;
  readonly method: PseudoModelMethod;
  /** Preferred smallest distance of two atoms, Å. */
  readonly distance: number;
  /** Iterations at most; LocScale's stepping takes all of them. */
  readonly iterations: number | undefined;
  readonly compatibility: Compatibility;
  readonly seed: number;
  readonly threads?: number | undefined;
}

export interface PseudoModel {
  readonly atoms: ModelColumns;
  /** Voxels of the mask that reach the threshold, and their volume, Å³. */
  readonly maskVoxels: number;
  readonly volume: number;
  readonly solver: PseudoAtomSolver;
  readonly settled: boolean;
  /** Distance of each atom to its nearest neighbour, Å; infinite beyond three times the preferred distance. */
  readonly nearest: Float32Array;
  /** The start and every iteration, lengths in Å. */
  readonly history: PseudoAtomHistory;
}

/** LocScale's number of iterations. */
export const locscaleIterations = 50;
/** Enough for atoms to settle in maps of any size tried; they stop by themselves. */
export const mostIterations = 1000;

/**
 * Preferred distance when none is given, Å: LocScale's 1.2 for its own stepping and for kicks. Atoms that settle keep their distance,
 * and at 1.2 Å crowd on the peaks; at 2 Å, an atom's room in a protein, their map is nearest to the molecule's (docs/pseudo-models.md).
 */
export const usualDistance = (method: PseudoModelMethod, compatibility: Compatibility): number =>
  method === 'gradient' && compatibility === 'none' ? 2 : 1.2;

const solverOf = (method: PseudoModelMethod, compatibility: Compatibility): PseudoAtomSolver => {
  if (compatibility === 'none') return method === 'gradient' ? 'settle' : 'kick';
  return method === 'gradient' ? 'locscale-steps' : 'locscale-kick';
};

/** Fills a mask with pseudo-atoms that find their places in the map (docs/pseudo-models.md). */
export const buildPseudoModel: Step<BuildPseudoModelInput, PseudoModel> = {
  name: 'buildPseudoModel',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async (input, { signal, report, warn }) => {
    const { map, mask, grid, threshold, count, method, distance, compatibility, seed, threads } = input;
    const solver = solverOf(method, compatibility);
    const iterations = input.iterations ?? (compatibility === 'none' ? mostIterations : locscaleIterations);
    const edge = meanVoxelSize(grid);
    const maskVoxels = await countReaching(mask, threshold);
    const volume = maskVoxels * grid.voxelSize[0] * grid.voxelSize[1] * grid.voxelSize[2];
    const atoms = expectAtoms(count, volume, maskVoxels, threshold);
    const task = {
      map,
      mask,
      shape: grid.shape,
      threshold,
      atoms,
      distance: distance / edge,
      solver,
      iterations,
      seed,
    };
    const built = await buildPseudoAtoms(task, { signal, threads, onProgress: report });
    const { positions, nearest, settled, energy, closeContacts, inside, meanMap } = built;
    const meanStep = built.meanStep.map((step) => step * edge);
    const last = (column: Float64Array): number => column.at(-1) ?? NaN;
    if (!settled && compatibility === 'none')
      warn({
        kind: 'pseudo-model.unsettled',
        message:
          method === 'gradient'
            ? `After ${iterations} iterations the pseudo-atoms still move by ${last(meanStep).toPrecision(2)} Å in the mean; give more of them (-pm_it ${4 * iterations + 100}).`
            : `After ${iterations} iterations ${last(closeContacts)} of ${atoms} pseudo-atoms still have a neighbour nearer than ${distance} Å; give more of them (-pm_it) or a smaller distance (-dst).`,
      });
    const medianNeighbour = built.medianNeighbour.map((median) => median * edge);
    return {
      atoms: pseudoAtomColumns(positions, grid),
      maskVoxels,
      volume,
      solver,
      settled,
      nearest: nearest.map((length) => length * edge),
      history: { energy, meanStep, closeContacts, medianNeighbour, inside, meanMap },
    };
  },
};
