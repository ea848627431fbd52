import { z } from 'zod';
import { method } from '../descriptor.js';
import { statisticsSchema } from '../schema/grid.js';
import { volumeIdSchema, volumeSchema } from '../schema/volume.js';
import { voxelErrors } from './voxel-errors.js';

export const open = method({
  name: 'volume.open',
  summary: 'Opens a map file (MRC, CCP4, .map; plain, .gz or .bz2) that lies on the daemon’s machine.',
  params: z.strictObject({ path: z.string().min(1).max(4096).meta({ description: 'Absolute path.' }) }),
  result: volumeSchema,
  errors: ['input.missing', 'input.unreadable', 'input.format', 'input.header', 'access.path'],
});

export const describe = method({
  name: 'volume.describe',
  summary: 'Describes one volume.',
  params: z.strictObject({ volume: volumeIdSchema }),
  result: volumeSchema,
  errors: ['volume.unknown'],
});

export const statistics = method({
  name: 'volume.statistics',
  summary: 'Computes (once) and returns the statistics of all voxels.',
  params: z.strictObject({ volume: volumeIdSchema }),
  result: statisticsSchema,
  errors: voxelErrors,
});

export const list = method({
  name: 'volume.list',
  summary: 'Lists the volumes that the daemon holds.',
  params: z.strictObject({}),
  result: z.array(volumeSchema),
  errors: [],
});

export const save = method({
  name: 'volume.save',
  summary: 'Writes a volume as an MRC file (mode 2), atomically; never over a file that is an open input.',
  params: z.strictObject({
    volume: volumeIdSchema,
    path: z.string().min(1).max(4096).meta({ description: 'Absolute path ending in .mrc, .map or .ccp4.' }),
  }),
  result: z.strictObject({ path: z.string().meta({ description: 'Absolute path of the file written.' }) }),
  errors: [
    'volume.unknown',
    'volume.busy',
    'input.missing',
    'input.voxels',
    'output.is-input',
    'output.unwritable',
    'output.disk-full',
    'limit.memory',
    'engine.crashed',
    'engine.missing',
    'access.path',
  ],
});

export const close = method({
  name: 'volume.close',
  summary: 'Forgets a volume; files that the user named stay untouched.',
  params: z.strictObject({ volume: volumeIdSchema }),
  result: z.strictObject({ closed: z.literal(true) }),
  errors: ['volume.unknown', 'volume.busy'],
});

export const volumeMethods = [open, describe, statistics, list, save, close] as const;
