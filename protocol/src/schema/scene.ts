import { z } from 'zod';
import { paletteNames } from '../palettes.js';
import { layerRoles } from '../recipes/roles.js';
import { jobIdSchema } from './job.js';
import { volumeIdSchema } from './volume.js';

export const colourTextSchema = z
  .string()
  .regex(/^#[0-9a-f]{6}$/)
  .meta({ description: 'Colour, `#rrggbb`, lower case.' });

export const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'the lower end of a range lies below its upper end')
  .meta({ description: 'Values at the two ends of the palette, in units of the volume coloured by.' });

export const opacitySchema = z.number().min(0).max(1).meta({ description: '0 invisible, 1 opaque.' });

export const thresholdSchema = z.number().meta({
  description:
    'Context: probability, 0 to 1, from which on a voxel counts as context (surface and subtraction). Confidence: percent, 0 to 100; results are hidden where 100 − |score| lies below it, that is where the network changed density by more than it allows; 0 hides nothing.',
});

export const levelSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('absolute'),
      value: z.number().meta({ description: 'Level in units of the volume.' }),
    }),
    z.strictObject({
      kind: z.literal('sigma'),
      value: z.number().meta({ description: 'Level as mean + value × standard deviation of all voxels.' }),
    }),
  ])
  .meta({ id: 'Level', description: 'Contour level of a surface.' });
export type Level = z.infer<typeof levelSchema>;

export const colouringSchema = z
  .strictObject({
    by: volumeIdSchema.nullable().meta({ description: 'Volume whose values colour the surface; null: one colour.' }),
    plain: colourTextSchema.nullable().meta({ description: 'The one colour; null where `by` is set.' }),
    palette: z.enum(paletteNames).meta({ description: 'Palette for the values of `by`.' }),
    range: rangeSchema,
  })
  .meta({ id: 'Colouring', description: 'How a surface is coloured.' });
export type Colouring = z.infer<typeof colouringSchema>;

export const layerSchema = z
  .strictObject({
    name: z.string().meta({ description: '`original`, or the name of the output in its recipe; unique in its map.' }),
    role: z.enum(layerRoles).meta({
      description:
        'What it is to a viewer: original and result are densities, measure is only coloured by (local resolution, B-factors).',
    }),
    volume: volumeIdSchema.meta({ description: 'Its voxels, which never change under this id once its job is done.' }),
    job: jobIdSchema.nullable().meta({ description: 'Job that made it; null for what was opened or uploaded.' }),
    visible: z.boolean().meta({ description: 'Whether viewers draw it.' }),
    opacity: opacitySchema,
    level: levelSchema.nullable().meta({ description: 'null: each viewer chooses.' }),
    threshold: thresholdSchema.nullable(),
    colour: colouringSchema.nullable().meta({ description: 'null: the colour that the viewer gives.' }),
  })
  .meta({ id: 'Layer', description: 'One volume of a map on the screen, and how it is drawn.' });
export type Layer = z.infer<typeof layerSchema>;

const revisionSchema = z.int().nonnegative().meta({
  description: 'Number of the last change; grows by one with every change of the scene.',
});

export const sceneMapSchema = z
  .strictObject({
    id: volumeIdSchema.meta({ description: 'Volume of its `original` layer.' }),
    name: z.string().meta({ description: 'Name to show.' }),
    revision: revisionSchema,
    active: z.string().meta({
      description: 'Name of the density that is worked with: the newest result, or `original` before there is one.',
    }),
    layers: z.array(layerSchema).meta({ description: 'The original first, then in the order of coming.' }),
  })
  .meta({ id: 'SceneMap', description: 'A map on the screen with everything that was made from it.' });
export type SceneMap = z.infer<typeof sceneMapSchema>;

export const sceneSchema = z
  .strictObject({
    revision: revisionSchema,
    maps: z.array(sceneMapSchema).meta({ description: 'In the order in which they were added.' }),
  })
  .meta({ id: 'Scene', description: 'What all viewers of a daemon show.' });
export type Scene = z.infer<typeof sceneSchema>;

export const viewerIdSchema = z
  .string()
  .regex(/^viewer-[0-9a-f]{16}$/)
  .meta({ id: 'ViewerId', description: 'Id of an attached viewer.' });
export type ViewerId = z.infer<typeof viewerIdSchema>;

export const viewerKinds = ['molstar', 'chimerax', 'chimerax-rest', 'script'] as const;

export const viewerSchema = z
  .strictObject({
    id: viewerIdSchema,
    kind: z.enum(viewerKinds).meta({
      description:
        '`chimerax`: our bundle over its own socket; `chimerax-rest`: driven through ChimeraX’s REST server.',
    }),
    name: z.string().meta({ description: 'Name to show.' }),
    since: z.string().meta({ description: 'ISO 8601, UTC.' }),
    url: z.string().nullable().meta({ description: 'Address of the REST server; null for all others.' }),
    bundle: z
      .boolean()
      .nullable()
      .meta({ description: 'Whether a ChimeraX behind REST has the LocScale bundle; null for all others.' }),
    problem: z
      .string()
      .nullable()
      .meta({ description: 'What kept the last command from being carried out, for people; null when all is well.' }),
  })
  .meta({ id: 'Viewer', description: 'A program that shows the scene.' });
export type Viewer = z.infer<typeof viewerSchema>;
