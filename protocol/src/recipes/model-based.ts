import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { modelReferenceSchema } from '../schema/model.js';
import { fromAtomsParameters, mapInputs, modelOutputs, oneMap, refinedModels } from './fields.js';

/** Local amplitude scaling against the map of an atomic model (LocScale's `-mc`). */
export const modelBased = recipe({
  name: 'model-based',
  title: 'Model-based',
  summary: 'Refines the B-factors of an atomic model, and scales amplitudes to those of the map that it stands for.',
  inputs: z
    .strictObject({
      ...mapInputs,
      model: modelReferenceSchema.meta({
        description: 'Atomic model that lies in the map, PDB or mmCIF.',
        cli: '-mc, --model_coordinates',
      }),
    })
    .refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    skipRefinement: z.boolean().default(false).meta({
      description: 'Use the B-factors of the model as they are.',
      cli: '--skip_refine',
    }),
    asPseudoModel: z.boolean().default(false).meta({
      description: 'Refine the atoms of the model as pseudo-atoms, without regard to its bonds.',
      cli: '--activate_pseudomodel',
    }),
    measureBfactors: z.boolean().default(false).meta({
      description: 'Fit local B-factors of the reference, too.',
      cli: '--measure_bfactors',
    }),
    ...fromAtomsParameters,
  }),
  outputs: modelOutputs,
  models: refinedModels,
});
