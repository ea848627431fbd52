import { z } from 'zod';
import { method } from '../descriptor.js';
import { subtractionParameters } from '../recipes/surfer.js';
import { volumeIdSchema, volumeSchema } from '../schema/volume.js';
import { voxelErrors } from './voxel-errors.js';

const cubicAngstrom = (description: string): z.ZodNumber => z.number().meta({ description, unit: 'Å³' });

export const subtract = method({
  name: 'context.subtract',
  summary:
    'Takes context out of a volume by a probability map on the same grid, such as the output `context` of the recipe `surfer`: the live part of that recipe, in which no network runs.',
  params: z.strictObject({
    context: volumeIdSchema.meta({ description: 'Probability of each voxel to be context.' }),
    target: volumeIdSchema.meta({ description: 'The map that it is taken out of.' }),
    ...subtractionParameters,
    replaces: volumeIdSchema.optional().meta({
      description:
        'Result of an earlier call: the new one takes its place on the screen, then it is closed; its voxels never change.',
    }),
  }),
  result: z.strictObject({
    cleaned: volumeSchema.meta({ description: 'The new volume.' }),
    components: z
      .int()
      .meta({ description: 'Pieces that reach the threshold; voxels that share faces hang together.' }),
    volumes: z.array(z.number()).meta({ description: 'Volumes of the largest pieces, at most twenty.', unit: 'Å³' }),
    contextVolume: cubicAngstrom('Volume of what was taken as context.'),
    allVolume: cubicAngstrom('Volume of all pieces.'),
    highest: z.number().meta({
      description: 'Highest probability; below the threshold nothing was found, and the target is unchanged.',
    }),
  }),
  errors: [...voxelErrors, 'input.mismatch', 'limit.busy', 'output.disk-full'],
});

export const contextMethods = [subtract] as const;
