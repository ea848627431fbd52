import { z } from 'zod';
import { method, notification } from '../descriptor.js';
import { jobIdSchema, jobSchema, progressSchema } from '../schema/job.js';
import { volumeIdSchema } from '../schema/volume.js';

const sequenceSchema = z.int().nonnegative().meta({
  description: 'Number of the event within its job: 1 for the first (queued), one more with every change of state.',
});

const request = {
  recipe: z.string().meta({ description: 'Name of a recipe, see Recipes.' }),
  inputs: z
    .record(z.string(), z.unknown())
    .meta({ description: 'Ids of volumes by the names that the recipe gives; models by id or by path.' }),
  parameters: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: 'Parameters by the names that the recipe gives.' }),
};

/** What can be wrong with a model that a request names by its id or its path. */
const modelErrors = [
  'model.unknown',
  'input.missing',
  'input.unreadable',
  'input.format',
  'input.model',
  'limit.size',
  'engine.crashed',
] as const;

export const estimate = method({
  name: 'job.estimate',
  summary: 'Says what a job would need, without running it.',
  params: z.strictObject(request),
  result: z.strictObject({
    peakBytes: z.int().meta({ description: 'Estimated peak memory of the engine.', unit: 'bytes' }),
    budgetBytes: z.int().meta({ description: 'What all running jobs together may use.', unit: 'bytes' }),
    fits: z.boolean().meta({ description: 'Whether the job would be admitted, once it is alone.' }),
    windowSize: z.int().meta({ description: 'Edge of the window that the job would use.', unit: 'voxels' }),
  }),
  errors: [
    'volume.unknown',
    ...modelErrors,
    'input.mismatch',
    'input.parameter',
    'limit.memory',
    'engine.missing',
    'access.path',
  ],
});

export const submit = method({
  name: 'job.submit',
  summary: 'Queues a job and returns at once; follow it by job.changed and job.progress, or by job.get.',
  params: z.strictObject({
    ...request,
    output: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .max(4096)
          .meta({ description: 'Absolute path of the map to write.', cli: '-o, --outfile' }),
      })
      .optional()
      .meta({ description: 'Without it the results stay in the daemon as volumes.' }),
    requestKey: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Same key and same request = same job, so that a lost answer can be asked for again.' }),
  }),
  result: jobSchema,
  errors: [
    'volume.unknown',
    ...modelErrors,
    'input.mismatch',
    'input.parameter',
    'output.is-input',
    'output.unwritable',
    'output.disk-full',
    'job.conflict',
    'limit.memory',
    'limit.busy',
    'engine.missing',
    'access.path',
    'daemon.stopping',
  ],
});

export const get = method({
  name: 'job.get',
  summary: 'Returns one job as it stands.',
  params: z.strictObject({ job: jobIdSchema }),
  result: jobSchema,
  errors: ['job.unknown'],
});

export const list = method({
  name: 'job.list',
  summary: 'Lists jobs, newest first.',
  params: z.strictObject({
    limit: z.int().min(1).max(1000).default(100).meta({ description: 'Most jobs to return.' }),
  }),
  result: z.array(jobSchema),
  errors: [],
});

export const cancel = method({
  name: 'job.cancel',
  summary: 'Cancels a job that has not ended; the state becomes `cancelled` within a second.',
  params: z.strictObject({ job: jobIdSchema }),
  result: jobSchema,
  errors: ['job.unknown', 'job.finished'],
});

export const events = method({
  name: 'job.events',
  summary: 'Replays the state changes of a job since a sequence number, for clients that were away.',
  params: z.strictObject({
    job: jobIdSchema,
    since: z.int().nonnegative().default(0).meta({ description: 'Last sequence number that the client has seen.' }),
  }),
  result: z.array(
    z.strictObject({
      sequence: sequenceSchema,
      at: z.string().meta({ description: 'ISO 8601, UTC.' }),
      job: jobSchema,
    }),
  ),
  errors: ['job.unknown'],
});

export const changed = notification({
  name: 'job.changed',
  summary: 'A job changed its state.',
  params: z.strictObject({ sequence: sequenceSchema, job: jobSchema }),
});

export const progress = notification({
  name: 'job.progress',
  summary: 'How far a running job is; at most 4 a second for each job, the newest wins.',
  params: z.strictObject({ job: jobIdSchema, progress: progressSchema }),
  latestOf: 'job',
});

export const slab = notification({
  name: 'job.slab',
  summary: 'A slab of sections of an output is final and can be fetched from the named volume with `region`.',
  params: z.strictObject({
    job: jobIdSchema,
    output: z.string().meta({ description: 'Name of the output, as in the recipe.' }),
    volume: volumeIdSchema.meta({ description: 'Volume that holds the section; complete once the job is done.' }),
    sections: z.tuple([z.int(), z.int()]).meta({ description: 'First section (z) and one past the last.' }),
  }),
});

const rangeSchema = z.tuple([z.int(), z.int()]);

export const block = notification({
  name: 'job.block',
  summary:
    'A first part of an output is final, before the slab that it lies in, and can be fetched from the named volume with `region`. Once a job at most; slabs follow.',
  params: z.strictObject({
    job: jobIdSchema,
    output: z.string().meta({ description: 'Name of the output, as in the recipe.' }),
    volume: volumeIdSchema.meta({ description: 'Volume that holds the block; complete once the job is done.' }),
    region: z
      .tuple([rangeSchema, rangeSchema, rangeSchema])
      .meta({ description: 'Ranges along z, y, x, half open.', unit: 'voxels' }),
  }),
});

export const jobMethods = [estimate, submit, get, list, cancel, events] as const;
export const jobNotifications = [changed, progress, slab, block] as const;
