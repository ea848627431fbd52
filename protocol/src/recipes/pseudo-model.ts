import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { fromAtomsParameters, mapInputs, modelOutputs, oneMap, pseudoAtomParameters, refinedModels } from './fields.js';

/** Local amplitude scaling against pseudo-atoms (LocScale's `--build_using_pseudomodel`). */
export const pseudoModel = recipe({
  name: 'pseudo-model',
  title: 'Pseudo-atoms',
  summary: 'Fills the mask with pseudo-atoms, refines their B-factors, and scales amplitudes to those of their map.',
  inputs: z.strictObject(mapInputs).refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    molecularWeight: z.number().positive().optional().meta({
      description: 'Molecular weight that tells the number of pseudo-atoms. Default: from the volume of the mask.',
      unit: 'kDa',
      cli: '-mw, --molecular_weight',
    }),
    ...pseudoAtomParameters,
    ...fromAtomsParameters,
  }),
  outputs: modelOutputs,
  models: refinedModels,
});
