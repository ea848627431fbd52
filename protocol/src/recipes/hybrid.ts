import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { modelReferenceSchema } from '../schema/model.js';
import { fromAtomsParameters, mapInputs, modelOutputs, oneMap, pseudoAtomParameters, refinedModels } from './fields.js';

/** Local amplitude scaling against a partial model that pseudo-atoms complete (LocScale's `-mc --complete_model`). */
export const hybrid = recipe({
  name: 'hybrid',
  title: 'Hybrid',
  summary: 'Completes a partial model by pseudo-atoms, refines both, and scales amplitudes to those of their map.',
  inputs: z
    .strictObject({
      ...mapInputs,
      model: modelReferenceSchema.meta({
        description: 'Partial model that lies in the map, PDB or mmCIF.',
        cli: '-mc, --model_coordinates',
      }),
    })
    .refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    averagingWindow: z.int().min(1).max(64).default(3).meta({
      description:
        'Edge of the cube by which the region without a model is eroded, so that no shells along the model count as such.',
      unit: 'voxels',
      cli: '-avg_w, --averaging_window',
    }),
    ...pseudoAtomParameters,
    ...fromAtomsParameters,
  }),
  outputs: {
    ...modelOutputs,
    differenceMask: 'Where pseudo-atoms complete the model, 0 or 1.',
  },
  models: refinedModels,
});
