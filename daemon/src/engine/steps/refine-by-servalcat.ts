import { refinementResolution } from '../refinement/resolution.js';
import { refineByServalcat as refine } from '../refinement/servalcat/refine.js';
import type { Refined } from '../refinement/types.js';
import { refinementWarnings } from '../refinement/warnings.js';
import type { Step } from '../context.js';
import type { RefineAdpStepInput } from './refine-adp.js';

/**
 * Refines B-factors with the servalcat that the user has installed. Its result is not kept: which version it is from does not
 * follow from the inputs.
 */
export const refineByServalcat: Step<RefineAdpStepInput, Refined> = {
  name: 'refineByServalcat',
  version: 1,
  unkeyed: ['threads', 'name'],
  run: async (input, { signal, report, warn }) => {
    const { maps, grid, atoms, name } = input;
    const resolution = await refinementResolution({ maps, grid, atoms, asked: input.resolution }, signal);
    const result = await refine({ ...input, resolution }, name, { signal, report, warn });
    refinementWarnings(result, name).forEach(warn);
    return result;
  },
};
