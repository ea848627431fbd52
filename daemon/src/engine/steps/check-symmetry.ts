import type { Grid } from '@chimerax-like/rpc';
import type { Step } from '../context.js';
import { checkSymmetry as check, refusal, type SymmetryCheck } from '../symmetry/check.js';
import { sampleMap } from '../symmetry/sample.js';
import { operatorsOfClaim, type SymmetryClaim } from './symmetrise.js';

export interface SymmetryCheckInput {
  readonly voxels: Float32Array;
  readonly grid: Grid;
  readonly claim: SymmetryClaim;
  /** Go on when the map does not have the symmetry. */
  readonly force: boolean;
}

/** Looks whether a map has the symmetry that it is said to have; refuses the claim with numbers when not (docs/symmetry.md). */
export const checkSymmetry: Step<SymmetryCheckInput, SymmetryCheck> = {
  name: 'checkSymmetry',
  version: 1,
  keep: 'whole',
  run: async ({ voxels, grid, claim, force }, { signal, warn }) => {
    const { name, operators, centre } = operatorsOfClaim(claim, grid);
    const found = await check(await sampleMap(voxels, grid, signal), name, operators, centre, signal);
    if (!found.holds && !force) throw refusal(found);
    if (!found.holds) warn({ kind: 'symmetry.forced', message: `Forced: ${refusal(found).message}` });
    return found;
  },
};
