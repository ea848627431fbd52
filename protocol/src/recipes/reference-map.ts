import { z } from 'zod';
import { recipe } from '../descriptor.js';
import { volumeIdSchema } from '../schema/volume.js';

/** Local amplitude scaling against a reference map that the user gives (LocScale's `-mm`). */
export const referenceMap = recipe({
  name: 'reference-map',
  summary: 'Scales the amplitudes in a window around every mask voxel to those of a given reference map.',
  inputs: z
    .strictObject({
      halfMaps: z
        .tuple([volumeIdSchema, volumeIdSchema])
        .optional()
        .meta({ description: 'Two half maps; their mean is sharpened.', cli: '-hm, --halfmap_paths' }),
      map: volumeIdSchema
        .optional()
        .meta({ description: 'The unsharpened map; give this or the half maps.', cli: '-em, --emmap_path' }),
      reference: volumeIdSchema.meta({
        description: 'Reference map on the same grid.',
        cli: '-mm, --model_map',
      }),
      mask: volumeIdSchema.meta({
        description: 'Voxels with a value of at least 0.5 are scaled; all others become 0.',
        cli: '-ma, --mask',
      }),
    })
    .refine((i) => (i.halfMaps === undefined) !== (i.map === undefined), {
      message: 'give either two half maps (halfMaps) or one map (map)',
    }),
  parameters: z.strictObject({
    windowSize: z.int().min(4).max(128).optional().meta({
      description:
        'Edge of the window; an odd number is raised to the next even one. Default: 25 Å, rounded up to even.',
      unit: 'voxels',
      cli: '-wn, --window_size',
    }),
    voxelSize: z.number().positive().optional().meta({
      description:
        'Replaces the voxel size of the headers, in all formulas and in the output. Default: that of the headers.',
      unit: 'Å',
      cli: '-p, --apix',
    }),
    threads: z
      .int()
      .min(1)
      .max(1024)
      .optional()
      .meta({ description: 'Threads of the scaling. Default: all processors.', cli: '-np, --number_processes' }),
  }),
  outputs: { sharpened: 'The scaled map; exactly 0 where nothing was scaled.' },
});
