import { refineBuiltIn } from '../refinement/built-in.js';
import { refinementResolution } from '../refinement/resolution.js';
import type { Refined, RefinementTask } from '../refinement/types.js';
import { refinementWarnings } from '../refinement/warnings.js';
import type { Step } from '../context.js';

export interface RefineAdpStepInput extends Omit<RefinementTask, 'resolution'> {
  /** What messages call the model. */
  readonly name: string;
  /** Finest resolution used, Å; by default FSC 0.143 of the half maps around the model, or nearly the Nyquist limit. */
  readonly resolution: number | undefined;
}

/**
 * Refines isotropic B-factors with fixed positions (docs/refinement.md). Hydrogens, atoms outside the box and those without
 * occupancy get the mean of their neighbours.
 */
export const refineAdp: Step<RefineAdpStepInput, Refined> = {
  name: 'refineAdp',
  version: 4,
  unkeyed: ['threads', 'name'],
  keep: 'whole',
  run: async (input, { signal, report, warn }) => {
    const { maps, grid, atoms, name } = input;
    const resolution = await refinementResolution({ maps, grid, atoms, asked: input.resolution }, signal);
    const result = await refineBuiltIn({ ...input, resolution }, { signal, report });
    refinementWarnings(result, name).forEach(warn);
    return result;
  },
};
