import { z } from 'zod';
import { gridSchema, statisticsSchema, warningSchema } from './grid.js';

export const volumeIdSchema = z
  .string()
  .regex(/^vol-[0-9a-f]{16}$/)
  .meta({ id: 'VolumeId', description: 'Id of a volume that the daemon holds.' });
export type VolumeId = z.infer<typeof volumeIdSchema>;

export const volumeSchema = z
  .strictObject({
    id: volumeIdSchema,
    name: z.string().meta({ description: 'File name, or the name given at upload.' }),
    source: z.enum(['file', 'upload', 'job']).meta({ description: 'Where its voxels came from.' }),
    path: z.string().nullable().meta({ description: 'Absolute path of the file it was read from, if any.' }),
    job: z.string().nullable().meta({ description: 'Job that made it, if any.' }),
    grid: gridSchema.meta({ description: 'Shape, voxel size and origin.' }),
    statistics: statisticsSchema.nullable().meta({ description: 'null until somebody asked for them.' }),
    warnings: z.array(warningSchema).meta({ description: 'What was odd in the file.' }),
  })
  .meta({ id: 'Volume', description: 'A volume as the daemon describes it; voxels travel by HTTP only.' });
export type VolumeDescription = z.infer<typeof volumeSchema>;
