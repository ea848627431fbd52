import { z } from 'zod';
import { method } from '../descriptor.js';
import { modelIdSchema, modelSchema } from '../schema/model.js';

export const open = method({
  name: 'model.open',
  summary:
    'Opens an atomic model (PDB or mmCIF; plain, .gz or .bz2) that lies on the daemon’s machine, reads it whole and checks its atoms.',
  params: z.strictObject({ path: z.string().min(1).max(4096).meta({ description: 'Absolute path.' }) }),
  result: modelSchema,
  errors: [
    'input.missing',
    'input.unreadable',
    'input.format',
    'input.model',
    'limit.size',
    'limit.memory',
    'limit.busy',
    'engine.crashed',
    'engine.missing',
    'access.path',
  ],
});

export const describe = method({
  name: 'model.describe',
  summary: 'Describes one model.',
  params: z.strictObject({ model: modelIdSchema }),
  result: modelSchema,
  errors: ['model.unknown'],
});

export const list = method({
  name: 'model.list',
  summary: 'Lists the models that the daemon holds.',
  params: z.strictObject({}),
  result: z.array(modelSchema),
  errors: [],
});

export const close = method({
  name: 'model.close',
  summary: 'Forgets a model; files that the user named stay untouched.',
  params: z.strictObject({ model: modelIdSchema }),
  result: z.strictObject({ closed: z.literal(true) }),
  errors: ['model.unknown', 'model.busy'],
});

export const modelMethods = [open, describe, list, close] as const;
