import { z } from 'zod';

/** Three numbers in array order (z, y, x), as NumPy and the MRC sections/rows/columns have it; x runs fastest. */
const zyx = <T extends z.ZodType>(item: T) => z.tuple([item, item, item]);

export const shapeSchema = zyx(z.int().positive()).meta({
  description: 'Number of voxels along (z, y, x); x runs fastest in memory.',
});

/** Å vectors are coordinates, so they stand in coordinate order (x, y, z), unlike `shape`. */
export const gridSchema = z
  .strictObject({
    shape: shapeSchema,
    voxelSize: z
      .tuple([z.number().positive(), z.number().positive(), z.number().positive()])
      .meta({ description: 'Edge of a voxel along (x, y, z).', unit: 'Å' }),
    origin: z.tuple([z.number(), z.number(), z.number()]).meta({
      description: 'Position (x, y, z) of the centre of voxel [0,0,0]: ORIGIN words, else NSTART × voxel size.',
      unit: 'Å',
    }),
  })
  .meta({ id: 'Grid', description: 'Where the voxels of a volume lie in space; axes already in standard order.' });
export type Grid = z.infer<typeof gridSchema>;

export const statisticsSchema = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    mean: z.number(),
    sd: z
      .number()
      .meta({ description: 'Standard deviation about the mean (population), the RMS word of an MRC header.' }),
    zeros: z.int().nonnegative().meta({ description: 'Number of voxels that are exactly 0.' }),
  })
  .meta({ id: 'Statistics', description: 'Statistics over all voxels, accumulated in double precision.' });
export type Statistics = z.infer<typeof statisticsSchema>;

export const warningSchema = z
  .strictObject({
    kind: z.string().meta({ description: 'Stable name, e.g. `header.no-machine-stamp`.' }),
    message: z.string().meta({ description: 'One sentence for people.' }),
  })
  .meta({ id: 'Warning', description: 'Something odd that was read around; results carry it along.' });
export type Warning = z.infer<typeof warningSchema>;
