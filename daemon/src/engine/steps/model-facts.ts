import type { ModelFacts } from '@chimerax-like/rpc';
import type { ModelColumns } from '@locscale/native';
import { modelFacts } from '../../models/index.js';
import type { Step } from '../context.js';
import type { Refined } from '../refinement/types.js';
import type { PseudoModel } from './build-pseudo-model.js';
import type { DifferenceMask } from './difference-mask.js';
import type { ReferenceBFactors } from './reference-b-factors.js';
import type { SimulatedMap } from './simulate-map.js';

/** Numbers of a refinement, for provenance. */
export const refinementFacts: Step<
  { readonly refined: Refined; readonly reference: ReferenceBFactors },
  Readonly<Record<string, unknown>>
> = {
  name: 'refinementFacts',
  version: 1,
  keep: 'whole',
  run: ({ refined, reference }) => {
    const { engine, program, resolution, restraintWeight, fscBefore, fsc, halfMaps, outside, atBounds } = refined;
    return {
      ...{ engine, program, resolution, restraintWeight, outside, atBounds },
      fsc: { before: fscBefore, after: fsc },
      halfMaps,
      refinedBFactors: rangeOf(refined.bFactors.filter((_, i) => refined.refined[i] === 1)),
      referenceBFactors: rangeOf(reference.bFactors),
      shift: reference.shift,
    };
  },
};

/** What a model that a recipe made consists of, as a reader of its file sees it: one model without anisotropic tensors. */
export const writtenFacts: Step<{ readonly atoms: ModelColumns }, ModelFacts> = {
  name: 'writtenFacts',
  version: 1,
  run: ({ atoms }) => ({ ...modelFacts(atoms, 1), anisotropic: 0 }),
};

/** Numbers of a pseudo-model, for provenance. */
export const pseudoModelFacts: Step<{ readonly built: PseudoModel }, Readonly<Record<string, unknown>>> = {
  name: 'pseudoModelFacts',
  version: 1,
  keep: 'whole',
  run: ({ built: { atoms, maskVoxels, volume, solver, settled, history } }) => ({
    ...{ atoms: atoms.elements.length, maskVoxels, volume, solver, settled },
    iterations: history.meanStep.length - 1,
    meanStep: history.meanStep.at(-1),
    closeContacts: history.closeContacts.at(-1),
  }),
};

/** Numbers of a difference mask, for provenance. */
export const differenceFacts: Step<
  { readonly difference: DifferenceMask },
  { readonly voxels: number; readonly moleculeVoxels: number }
> = {
  name: 'differenceFacts',
  version: 1,
  keep: 'whole',
  run: ({ difference: { voxels, moleculeVoxels } }) => ({ voxels, moleculeVoxels }),
};

/** Numbers of a simulation, for provenance. */
export const simulationFacts: Step<
  { readonly simulated: SimulatedMap },
  { readonly blur: number; readonly outside: number }
> = {
  name: 'simulationFacts',
  version: 1,
  keep: 'whole',
  run: ({ simulated: { blur, outside } }) => ({ blur, outside }),
};

function rangeOf(values: Float32Array): { readonly least: number; readonly mean: number; readonly most: number } {
  let [least, most, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
  }
  return { least, mean: sum / values.length, most };
}
