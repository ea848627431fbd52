import { z } from 'zod';
import { method, notification } from '../descriptor.js';
import { paletteNames } from '../palettes.js';
import { layerRoles } from '../recipes/roles.js';
import { jobIdSchema } from '../schema/job.js';
import {
  colourTextSchema,
  levelSchema,
  opacitySchema,
  rangeSchema,
  sceneMapSchema,
  sceneSchema,
  thresholdSchema,
  viewerIdSchema,
  viewerKinds,
  viewerSchema,
} from '../schema/scene.js';
import { modelIdSchema } from '../schema/model.js';
import { volumeIdSchema } from '../schema/volume.js';

const nameSchema = z.string().min(1).max(200);
const layerVolume = volumeIdSchema.meta({ description: 'Volume of the layer.' });
const anyVolume = volumeIdSchema.meta({ description: 'Any volume of the map.' });
/** Colours and levels name volumes that the scene does not have; everything else is checked by its schema. */
const sceneErrors = ['viewer.not-shown'] as const;

export const attach = method({
  name: 'viewer.attach',
  summary:
    'Makes a viewer known; it belongs to this connection and leaves with it, except one behind REST, which the daemon drives until it is detached.',
  params: z
    .strictObject({
      kind: z.enum(viewerKinds).meta({ description: 'What the viewer is.' }),
      name: nameSchema.optional().meta({ description: 'Name to show. Default: its kind.' }),
      url: z.string().max(300).optional().meta({
        description:
          'Only for `chimerax-rest`, and needed there: address that ChimeraX printed, `http://127.0.0.1:PORT`.',
      }),
      anyHost: z.boolean().default(false).meta({
        description: 'Allow a `url` that is not on this machine. ChimeraX’s REST server asks nobody who they are.',
      }),
    })
    .refine(({ kind, url }) => (kind === 'chimerax-rest') === (url !== undefined), {
      message: 'url is given for chimerax-rest, and for nothing else',
      path: ['url'],
    }),
  result: z.strictObject({ viewer: viewerSchema, scene: sceneSchema }),
  errors: ['viewer.unreachable', 'input.parameter', 'access.denied', 'limit.busy'],
});

export const detach = method({
  name: 'viewer.detach',
  summary: 'Forgets a viewer; what it shows stays on its screen.',
  params: z.strictObject({ viewer: viewerIdSchema }),
  result: z.strictObject({ detached: z.literal(true) }),
  errors: ['viewer.unknown'],
});

export const list = method({
  name: 'viewer.list',
  summary: 'Lists the attached viewers.',
  params: z.strictObject({}),
  result: z.array(viewerSchema),
  errors: [],
});

export const get = method({
  name: 'viewer.get',
  summary: 'Returns the scene: all maps on the screen, their layers, and how they are drawn.',
  params: z.strictObject({}),
  result: sceneSchema,
  errors: [],
});

export const add = method({
  name: 'viewer.add',
  summary: 'Puts a volume on the screen: as a map of its own, or as a layer of the map that `of` belongs to.',
  params: z
    .strictObject({
      volume: volumeIdSchema.meta({ description: 'The volume; one that is on the screen already stays as it is.' }),
      name: nameSchema
        .optional()
        .meta({ description: 'Name of the map, or of the layer. Default: that of the volume, or the role.' }),
      of: volumeIdSchema.optional().meta({ description: 'Any volume of the map that it is to be a layer of.' }),
      role: z.enum(layerRoles).optional().meta({ description: 'Role of the layer; only with `of`.' }),
    })
    .refine(({ of, role }) => (of === undefined) === (role === undefined) && role !== 'original', {
      message: 'of and role are given together, and a map has one original',
      path: ['role'],
    }),
  result: sceneMapSchema,
  errors: ['volume.unknown', 'volume.busy', 'limit.busy', ...sceneErrors],
});

export const addJob = method({
  name: 'viewer.addJob',
  summary:
    'Puts the outputs of a job that is done on the screen. Jobs whose inputs are on the screen come by themselves when they are done.',
  params: z.strictObject({
    job: jobIdSchema,
    of: volumeIdSchema.optional().meta({
      description: 'Any volume of the map that gets the layers. Default: the one that holds an input of the job.',
    }),
  }),
  result: sceneMapSchema,
  errors: ['job.unknown', 'input.parameter', 'limit.busy', ...sceneErrors],
});

export const remove = method({
  name: 'viewer.remove',
  summary: 'Takes a layer off the screen, or with the original the whole map; the volumes stay open.',
  params: z.strictObject({ volume: layerVolume }),
  result: z.strictObject({ removed: z.literal(true) }),
  errors: [...sceneErrors],
});

export const show = method({
  name: 'viewer.show',
  summary: 'Shows or hides a layer.',
  params: z.strictObject({ volume: layerVolume, visible: z.boolean().optional(), opacity: opacitySchema.optional() }),
  result: sceneMapSchema,
  errors: [...sceneErrors],
});

export const level = method({
  name: 'viewer.level',
  summary:
    'Sets the contour level of a layer, or its threshold. A map that was cleaned of a context follows the threshold of that.',
  params: z.strictObject({
    volume: layerVolume,
    level: levelSchema.nullable().optional().meta({ description: 'null: each viewer chooses.' }),
    threshold: thresholdSchema.nullable().optional(),
  }),
  result: sceneMapSchema,
  errors: [...sceneErrors],
});

export const colour = method({
  name: 'viewer.colour',
  summary: 'Colours a layer by the values of another volume, in one colour, or (with neither) as the viewer likes.',
  params: z
    .strictObject({
      volume: layerVolume,
      by: volumeIdSchema.optional().meta({ description: 'Volume to colour by; it need not be on the screen.' }),
      plain: colourTextSchema.optional().meta({ description: 'One colour, `#rrggbb`, lower case.' }),
      palette: z
        .enum(paletteNames)
        .optional()
        .meta({ description: 'Default: `confidence` for a confidence layer, else `viridis`.' }),
      range: rangeSchema.optional().meta({
        description:
          'Values at the ends of the palette. Default: -100 to 100 for `confidence`, else minimum and maximum of `by`.',
      }),
    })
    .refine(({ by, plain }) => by === undefined || plain === undefined, {
      message: 'a layer is coloured by a volume or in one colour, not both',
      path: ['plain'],
    }),
  result: sceneMapSchema,
  errors: ['volume.unknown', 'volume.busy', 'input.voxels', ...sceneErrors],
});

export const toggle = method({
  name: 'viewer.toggle',
  summary: 'Changes between original and result, shows or hides the context, or colours by confidence and back.',
  params: z.strictObject({
    volume: anyVolume,
    what: z.enum(['original', 'context', 'confidence']),
    on: z.boolean().optional().meta({ description: 'Default: the other state.' }),
  }),
  result: sceneMapSchema,
  errors: ['input.missing', ...sceneErrors],
});

export const page = method({
  name: 'viewer.page',
  summary: 'Makes an address that opens the page of the daemon in a browser, once and soon.',
  params: z.strictObject({
    inputs: z
      .array(z.union([volumeIdSchema, modelIdSchema]))
      .max(64)
      .default([])
      .meta({
        description: 'Volumes and models that the page chooses as inputs by their names and puts on the screen.',
      }),
  }),
  result: z.strictObject({
    url: z.string().meta({ description: 'Address with the code in its fragment, which browsers do not send.' }),
    file: z.string().nullable().meta({
      description:
        'File that leads there, readable by the user alone: start a browser with it, for all users see what a program is started with. Null for callers on another machine.',
    }),
    expiresSeconds: z.number().meta({ description: 'How long the code holds, unless it is used before.', unit: 's' }),
  }),
  errors: ['input.missing'],
});

export const viewerChanged = notification({
  name: 'viewer.changed',
  summary: 'The scene or the list of viewers changed; goes to everybody, also to who caused it.',
  params: z.strictObject({
    revision: z.int().nonnegative().meta({ description: 'Revision of the scene after the change.' }),
    viewer: viewerIdSchema
      .nullable()
      .meta({ description: 'Viewer that caused it; null: the daemon, or an unattached client.' }),
    maps: z.array(sceneMapSchema).meta({ description: 'The maps that changed, whole.' }),
    removed: z.array(volumeIdSchema).meta({ description: 'Ids of maps that are gone.' }),
    viewers: z.array(viewerSchema).nullable().meta({ description: 'All viewers, when their list changed; else null.' }),
  }),
});

export const viewerMethods = [
  attach,
  detach,
  list,
  get,
  add,
  addJob,
  remove,
  show,
  level,
  colour,
  toggle,
  page,
] as const;
export const viewerNotifications = [viewerChanged] as const;
