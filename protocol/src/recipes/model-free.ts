import { z } from 'zod';
import { recipe } from '../descriptor.js';
import {
  localParameters,
  mapInputs,
  maskParameters,
  oneMap,
  preparationParameters,
  recordParameters,
  sharpeningOutputs,
  symmetryParameters,
  windowParameters,
} from './fields.js';
import { networkParameters } from './network-fields.js';

/** Local amplitude scaling against what a network predicts from the map itself: the default of the command line. */
export const modelFree = recipe({
  name: 'model-free',
  title: 'Model-free',
  summary:
    'Predicts a reference map with a network and scales the amplitudes in a window around every mask voxel to it.',
  inputs: z.strictObject(mapInputs).refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    ...networkParameters,
    ...windowParameters,
    ...preparationParameters,
    ...symmetryParameters,
    ...maskParameters,
    ...localParameters,
    ...recordParameters,
  }),
  outputs: { ...sharpeningOutputs, prediction: 'What the network predicted, the reference of the scaling.' },
});
