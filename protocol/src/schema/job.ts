import { z } from 'zod';
import { warningSchema } from './grid.js';
import { modelIdSchema } from './model.js';
import { usedNetworkSchema } from './network.js';
import { volumeIdSchema } from './volume.js';

export const jobIdSchema = z
  .string()
  .regex(/^job-[0-9a-f]{16}$/)
  .meta({ id: 'JobId', description: 'Id of a job, valid until the daemon forgets it.' });
export type JobId = z.infer<typeof jobIdSchema>;

/** `interrupted`: the daemon died while the job ran; it is in the journal and can be submitted again. */
export const jobStateSchema = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']).meta({
  id: 'JobState',
  description: 'queued → running → done, failed or cancelled; interrupted: the daemon died while it ran.',
});
export type JobState = z.infer<typeof jobStateSchema>;

export const errorSchema = z
  .strictObject({
    code: z.int().meta({ description: 'Code from the error table.' }),
    kind: z.string().meta({ description: 'Stable name from the error table.' }),
    message: z.string().meta({ description: 'One sentence for people.' }),
    details: z.record(z.string(), z.unknown()).meta({ description: 'Numbers for programs; often empty.' }),
  })
  .meta({ id: 'Error', description: 'The error of a failed job, in the form of a JSON-RPC error with its data.' });

export const progressSchema = z
  .strictObject({
    step: z.string().meta({ description: 'Step being evaluated, e.g. `scaleWindows`.' }),
    fraction: z.number().min(0).max(1).meta({ description: 'Share of the whole job that is done; never decreases.' }),
    message: z.string().meta({ description: 'What is being done, for people.' }),
    elapsedSeconds: z.number().nonnegative().meta({ unit: 's' }),
    remainingSeconds: z
      .number()
      .nonnegative()
      .nullable()
      .meta({ description: 'Estimate; null until there is something to base it on.', unit: 's' }),
  })
  .meta({ id: 'Progress', description: 'How far a job is.' });
export type Progress = z.infer<typeof progressSchema>;

export const outputFileSchema = z
  .strictObject({
    role: z.string().meta({ description: '`sharpened`, `bfactor`, `qfit`, `mask`, `sidecar`, `report`.' }),
    path: z.string().meta({ description: 'Absolute path.' }),
  })
  .meta({ id: 'OutputFile', description: 'A file that a job has written.' });

export const jobSchema = z
  .strictObject({
    id: jobIdSchema,
    recipe: z.string().meta({ description: 'Name of the recipe.' }),
    state: jobStateSchema,
    submittedAt: z.string().meta({ description: 'ISO 8601, UTC.' }),
    startedAt: z.string().nullable().meta({ description: 'null while it waits.' }),
    endedAt: z.string().nullable().meta({ description: 'null until it has ended.' }),
    progress: progressSchema.nullable().meta({ description: 'null until it runs.' }),
    outputs: z.record(z.string(), volumeIdSchema).meta({ description: 'Output volumes by name, once done.' }),
    models: z
      .record(z.string(), modelIdSchema)
      .default({})
      .meta({ description: 'Models that it made, by name, once done.' }),
    files: z.array(outputFileSchema).meta({ description: 'Files written, once done.' }),
    network: usedNetworkSchema
      .nullable()
      .default(null)
      .meta({ description: 'The network that the results come from, once done; null without one.' }),
    timings: z.record(z.string(), z.number()).meta({ description: 'Wall time of each step.', unit: 's' }),
    warnings: z.array(warningSchema).meta({ description: 'Of the inputs and of the computation.' }),
    error: errorSchema.nullable().meta({ description: 'Why it failed or was cancelled; null otherwise.' }),
  })
  .meta({ id: 'Job', description: 'A recipe being evaluated, or evaluated.' });
export type Job = z.infer<typeof jobSchema>;
