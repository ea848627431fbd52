import { z } from 'zod';
import { method, notification } from '../descriptor.js';
import { jobIdSchema, jobSchema, progressSchema } from '../schema/job.js';
import { volumeIdSchema } from '../schema/volume.js';

const request = {
  recipe: z.string().meta({ description: 'Name of a recipe; the recipes’ own pages list inputs and parameters.' }),
  inputs: z.record(z.string(), z.unknown()),
  parameters: z.record(z.string(), z.unknown()).default({}),
};

export const estimate = method({
  name: 'job.estimate',
  summary: 'Says what a job would need, without running it.',
  params: z.strictObject(request),
  result: z.strictObject({
    peakBytes: z.int().meta({ description: 'Estimated peak memory of the engine.', unit: 'bytes' }),
    budgetBytes: z.int().meta({ unit: 'bytes' }),
    fits: z.boolean(),
    windowSize: z.int().meta({ unit: 'voxels' }),
  }),
  errors: ['volume.unknown', 'input.mismatch', 'input.parameter'],
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
    'input.mismatch',
    'input.parameter',
    'output.is-input',
    'output.unwritable',
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
  params: z.strictObject({ limit: z.int().min(1).max(1000).default(100) }),
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
  params: z.strictObject({ job: jobIdSchema, since: z.int().nonnegative().default(0) }),
  result: z.array(z.strictObject({ sequence: z.int(), at: z.string(), job: jobSchema })),
  errors: ['job.unknown'],
});

export const changed = notification({
  name: 'job.changed',
  summary: 'A job changed its state; sent to every client, never dropped.',
  params: z.strictObject({ sequence: z.int(), job: jobSchema }),
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
    output: z.string(),
    volume: volumeIdSchema,
    sections: z.tuple([z.int(), z.int()]).meta({ description: 'First section (z) and one past the last.' }),
  }),
});

export const jobMethods = [estimate, submit, get, list, cancel, events] as const;
export const jobNotifications = [changed, progress, slab] as const;
