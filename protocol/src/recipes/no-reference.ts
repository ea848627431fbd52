import { z } from 'zod';
import { recipe } from '../descriptor.js';
import {
  cutoffParameters,
  localParameters,
  mapInputs,
  maskParameters,
  oneMap,
  preparationParameters,
  recordParameters,
  sharpeningOutputs,
  windowParameters,
} from './fields.js';

/** Brings every window to one B-factor: contrast only, nothing from elsewhere (LocScale's `--no_reference`). */
export const noReference = recipe({
  name: 'no-reference',
  title: 'No reference',
  summary: 'Brings the amplitudes in a window around every mask voxel to one B-factor, without any reference.',
  inputs: z.strictObject(mapInputs).refine(oneMap.holds, oneMap.message),
  parameters: z.strictObject({
    targetBfactor: z.number().min(0).default(20).meta({
      description: 'B-factor that every window gets.',
      unit: 'Å²',
      cli: '--set_local_bfactor',
    }),
    ...windowParameters,
    ...cutoffParameters,
    ...preparationParameters,
    ...maskParameters,
    ...localParameters,
    ...recordParameters,
  }),
  outputs: sharpeningOutputs,
});
