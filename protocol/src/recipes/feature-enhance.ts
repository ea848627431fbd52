import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { volumeIdSchema } from '../schema/volume.js';
import {
  mapInputs,
  maskParameters,
  oneMap,
  preparationParameters,
  reportParameters,
  symmetryParameters,
  windowParameters,
} from './fields.js';
import { networkParameters, samplingParameters } from './network-fields.js';

/** The map as a network predicts it, with a score of how far that can be trusted (LocScale-FEM). */
export const featureEnhance = recipe({
  name: 'feature-enhance',
  title: 'Enhanced map (FEM)',
  summary:
    'Enhances a map with a network, scales the map locally to the result (the baseline), and scores where the two differ (pVDDT).',
  inputs: z
    .strictObject({
      ...mapInputs,
      protect: volumeIdSchema.optional().meta({
        description:
          'Voxels of at least 0.5 keep the density of the baseline: ligands, glycans, modifications that a network has never seen.',
        cli: '--protect',
      }),
    })
    .refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    ...networkParameters,
    ...samplingParameters,
    ...windowParameters,
    ...preparationParameters,
    ...symmetryParameters,
    ...maskParameters,
    ...reportParameters,
  }),
  outputs: {
    fem: 'The feature-enhanced map: the mean of the predictions; 0 where no cube of the network was.',
    baseline: 'The map scaled locally to the enhanced one; exactly 0 outside the mask.',
    variance: 'Variance of the predictions; only with Monte Carlo passes.',
    pvddt:
      'Confidence score -100 … 100: 0 where baseline and enhanced map agree, +100 density added by the network, -100 density taken away; only with Monte Carlo passes and a calibrated network.',
    mask: 'The confidence mask, 0 or 1; only when no mask was given.',
  },
});
