import { z } from 'zod';
import { method } from '../descriptor.js';

export const limitsSchema = z
  .strictObject({
    messageBytes: z.int().meta({ description: 'Longest control message.', unit: 'bytes' }),
    batchLength: z.int().meta({ description: 'Most messages in one batch.' }),
    sockets: z.int().meta({ description: 'WebSocket connections at a time.' }),
    callsInFlight: z.int().meta({ description: 'Unanswered calls of one connection.' }),
    uploadBytes: z.int().meta({ description: 'Largest upload, as voxels after decompression.', unit: 'bytes' }),
    modelBytes: z.int().meta({ description: 'Largest upload of a model.', unit: 'bytes' }),
    memoryBytes: z.int().meta({ description: 'Budget of all running jobs together.', unit: 'bytes' }),
  })
  .meta({ id: 'Limits', description: 'Limits in force; what lies beyond them is refused.' });

export const hello = method({
  name: 'session.hello',
  summary: 'Says who the daemon is, which API it speaks, and what it can do; call it first.',
  params: z.strictObject({
    client: z.string().max(200).optional().meta({ description: 'Name and version of the caller, for the log.' }),
    api: z.string().max(20).optional().meta({ description: 'API the caller was built for, `major.minor`.' }),
  }),
  result: z.strictObject({
    name: z.literal('locscale'),
    version: z.string().meta({ description: 'Version of the daemon.' }),
    api: z.string().meta({ description: '`major.minor`; another major does not fit.' }),
    host: z.string().meta({ description: 'Name of the machine the daemon runs on; paths are paths there.' }),
    capabilities: z
      .array(z.string())
      .meta({ description: 'Namespaces and optional features: `paths` when this caller may name files.' }),
    recipes: z.array(z.string()).meta({ description: 'Names that job.submit takes.' }),
    engine: z.strictObject({
      available: z.boolean().meta({ description: 'Whether jobs can run.' }),
      reason: z.string().nullable().meta({ description: 'Why not, and the fix, when not available.' }),
      simd: z.string().nullable().meta({ description: 'Instruction set in use, e.g. `AVX3_ZEN4`.' }),
      threads: z.int().meta({ description: 'Processors that a job may use.' }),
    }),
    limits: limitsSchema,
  }),
  errors: [],
});

export const sessionMethods = [hello] as const;
