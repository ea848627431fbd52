import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { symmetrise as kernel } from '@locscale/native';
import type { Step } from '../context.js';
import { checkSymmetry, refusal, type SymmetryCheck } from '../symmetry/check.js';
import {
  type Centre,
  type Helix,
  middleVoxel,
  type SpaceOperator,
  spaceOperators,
  unequalAxes,
  voxelOperators,
} from '../symmetry/operators.js';
import { parsePointGroup } from '../symmetry/point-group.js';
import { sampleMap } from '../symmetry/sample.js';

/** A symmetry as a user states it. */
export interface SymmetryClaim {
  /** Name of a point group, e.g. `D7`. */
  readonly group: string;
  /** Angle of a 2-fold of Dn from x towards y, degrees. */
  readonly twoFold: number;
  readonly helix: Helix | null;
  /** Voxel position of the centre; null: voxel n/2, as in RELION. */
  readonly centre: Centre | null;
}

export interface SymmetriseInput {
  readonly voxels: Float32Array;
  readonly grid: Grid;
  readonly claim: SymmetryClaim;
  /** Average even when the map does not have the symmetry, or its box does not suit it. */
  readonly force: boolean;
  readonly threads: number | undefined;
}

export interface Symmetrised {
  readonly averaged: Float32Array;
  readonly check: SymmetryCheck;
  readonly operators: number;
}

/** Averages a map over a symmetry, after having looked whether the map has it (docs/symmetry.md). */
export const symmetrise: Step<SymmetriseInput, Symmetrised> = {
  name: 'symmetrise',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async ({ voxels, grid, claim, force, threads }, { signal, report, warn }) => {
    const { name, operators, centre } = operatorsOfClaim(claim, grid);
    const unequal = unequalAxes(operators, grid.shape);
    if (unequal.length > 0 && !force)
      throw new LocScaleError(
        'input.parameter',
        `The symmetry ${name} turns axes of different lengths into each other, ${unequal.join(', ')}, so that parts of the box have no partner; pad or crop these axes to equal lengths, or force it to average what there is.`,
        { symmetry: name, shape: grid.shape },
      );
    const check = await checkSymmetry(await sampleMap(voxels, grid, signal), name, operators, centre, signal);
    report(0.2);
    if (!check.holds && !force) throw refusal(check);
    if (!check.holds) warn({ kind: 'symmetry.forced', message: `Forced: ${refusal(check).message}` });
    const averaged = await kernel(voxels, grid.shape, voxelOperators(operators, grid, centre), {
      signal,
      threads,
      onProgress: (fraction) => report(0.2 + 0.8 * fraction),
    });
    return { averaged, check, operators: operators.length };
  },
};

/** Name, operators and centre of a claim; refuses a centre outside the box. */
export function operatorsOfClaim(
  { group, twoFold, helix, centre: given }: SymmetryClaim,
  grid: Grid,
): { readonly name: string; readonly operators: readonly SpaceOperator[]; readonly centre: Centre } {
  const pointGroup = parsePointGroup(group, twoFold);
  const operators = spaceOperators(pointGroup, helix, grid);
  const centre = given ?? middleVoxel(grid.shape);
  if (!centre.every((at, i) => at >= 0 && at <= (grid.shape[i] as number) - 1))
    throw new LocScaleError(
      'input.parameter',
      `The centre is voxel (${centre.join(', ')}), expected (z, y, x) inside the box of ${grid.shape.join(' × ')} voxels; give another one.`,
      { centre, shape: grid.shape },
    );
  const name = helix === null ? pointGroup.name : `${pointGroup.name} helix of ${helix.twist}° and ${helix.rise} Å`;
  return { name, operators, centre };
}
