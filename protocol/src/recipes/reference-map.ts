import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { volumeIdSchema } from '../schema/volume.js';
import { mapInputs, oneMap, referenceParameters, sharpeningOutputs } from './fields.js';

/** Local amplitude scaling against a reference map that the user gives (LocScale's `-mm`). */
export const referenceMap = recipe({
  name: 'reference-map',
  title: 'Reference map',
  summary: 'Scales the amplitudes in a window around every mask voxel to those of a given reference map.',
  inputs: z
    .strictObject({
      ...mapInputs,
      reference: volumeIdSchema.meta({
        description: 'Reference map on the same grid.',
        cli: '-mm, --model_map',
      }),
      differenceMask: volumeIdSchema.optional().meta({
        description:
          'Form hybrid: voxels of at least 0.5 take the theoretical form (no model there), all others the atomic one.',
        cli: '--difference_mask',
      }),
    })
    .refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    form: z.enum(['atomic', 'theoretical', 'hybrid']).default('atomic').meta({
      description:
        'Target of the scaling: the profile of the reference (atomic), that plus what proteins deviate from a straight Wilson plot (theoretical), or by voxel (hybrid).',
      cli: '--form',
    }),
    referenceResolution: z.number().positive().optional().meta({
      description: 'Resolution of a low-pass of the reference map. Default: none.',
      unit: 'Å',
      cli: '-mres, --model_resolution',
    }),
    measureBfactors: z.boolean().default(false).meta({
      description: 'Fit local B-factors of the reference in the atomic form, too; the other forms always do.',
      cli: '--measure_bfactors',
    }),
    boost: z.number().min(1).default(1.5).meta({
      description: 'Factor on the deviation from the Wilson plot in the theoretical form (secondary structure).',
      cli: '--boost_secondary_structure',
    }),
    ...referenceParameters,
  }),
  outputs: sharpeningOutputs,
});
