import { z } from 'zod';
import { method, notification } from '../descriptor.js';
import { warningSchema } from '../schema/grid.js';
import { volumeSchema } from '../schema/volume.js';

const entrySchema = z.string().min(1).max(80).meta({
  description: 'An entry of EMDB: `EMD-1234`, `emdb:1234` or `1234`.',
});

export const fetch = method({
  name: 'emdb.fetch',
  summary:
    'Fetches the maps of an entry from EMDB into the daemon’s folder, unless they lie there, and opens them; answers when all are there, so wait without a limit. Nothing else in the daemon asks another machine, and this only when it is called.',
  params: z.strictObject({
    entry: entrySchema,
    halfMaps: z.boolean().default(true).meta({ description: 'Half maps, too, if the entry has them.' }),
  }),
  result: z.strictObject({
    entry: z.string().meta({ description: '`EMD-1234`.' }),
    map: volumeSchema
      .nullable()
      .meta({ description: 'The deposited map; null where only half maps lie in the folder.' }),
    halfMaps: z
      .tuple([volumeSchema, volumeSchema])
      .nullable()
      .meta({ description: 'Both half maps; null when the entry has none, or they were not asked for.' }),
    contourLevel: z.number().nullable().meta({
      description: 'Level that the depositors recommend for the map, in its units; null when they name none.',
    }),
    warnings: z.array(warningSchema).meta({ description: 'What was left out, and why.' }),
  }),
  errors: [
    'input.parameter',
    'input.missing',
    'input.format',
    'input.header',
    'limit.size',
    'limit.busy',
    'output.disk-full',
    'output.unwritable',
    'job.cancelled',
  ],
});

export const stop = method({
  name: 'emdb.stop',
  summary:
    'Ends the fetching of an entry for all who wait for it; what has come is kept, and the next fetch goes on from it.',
  params: z.strictObject({ entry: entrySchema }),
  result: z.strictObject({
    stopped: z.boolean().meta({ description: 'false: the entry was not being fetched.' }),
  }),
  errors: ['input.parameter'],
});

export const progress = notification({
  name: 'emdb.progress',
  summary: 'How far the fetching of an entry is; at most 4 a second for each entry, the newest wins.',
  params: z.strictObject({
    entry: z.string().meta({ description: '`EMD-1234`.' }),
    file: z.string().meta({ description: 'File that is being fetched; there are up to three, one after the other.' }),
    receivedBytes: z.int().nonnegative(),
    totalBytes: z.int().nonnegative().meta({ description: 'Length of this file.' }),
  }),
  latestOf: 'entry',
});

export const emdbMethods = [fetch, stop] as const;
export const emdbNotifications = [progress] as const;
