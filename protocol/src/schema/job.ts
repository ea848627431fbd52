import { z } from 'zod';
import { warningSchema } from './grid.js';
import { volumeIdSchema } from './volume.js';

export const jobIdSchema = z
  .string()
  .regex(/^job-[0-9a-f]{16}$/)
  .meta({ id: 'JobId', description: 'Id of a job, valid until the daemon forgets it.' });
export type JobId = z.infer<typeof jobIdSchema>;

/** `interrupted`: the daemon died while the job ran; it is in the journal and can be submitted again. */
export const jobStateSchema = z
  .enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'])
  .meta({ id: 'JobState' });
export type JobState = z.infer<typeof jobStateSchema>;

export const errorSchema = z
  .strictObject({
    code: z.int(),
    kind: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Error', description: 'The error of a failed job, in the form of a JSON-RPC error with its data.' });

export const progressSchema = z
  .strictObject({
    step: z.string().meta({ description: 'Step being evaluated, e.g. `scaleWindows`.' }),
    fraction: z.number().min(0).max(1).meta({ description: 'Share of the whole job that is done; never decreases.' }),
    message: z.string(),
    elapsedSeconds: z.number().nonnegative().meta({ unit: 's' }),
    remainingSeconds: z
      .number()
      .nonnegative()
      .nullable()
      .meta({ description: 'Estimate; null until there is something to base it on.', unit: 's' }),
  })
  .meta({ id: 'Progress' });
export type Progress = z.infer<typeof progressSchema>;

export const outputFileSchema = z
  .strictObject({
    role: z.string().meta({ description: '`sharpened`, `bfactor`, `qfit`, `mask`, `sidecar`, `report`.' }),
    path: z.string(),
  })
  .meta({ id: 'OutputFile' });

export const jobSchema = z
  .strictObject({
    id: jobIdSchema,
    recipe: z.string(),
    state: jobStateSchema,
    submittedAt: z.string().meta({ description: 'ISO 8601, UTC.' }),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    progress: progressSchema.nullable(),
    outputs: z.record(z.string(), volumeIdSchema).meta({ description: 'Output volumes by name, once done.' }),
    files: z.array(outputFileSchema).meta({ description: 'Files written, once done.' }),
    timings: z.record(z.string(), z.number()).meta({ description: 'Wall time of each step.', unit: 's' }),
    warnings: z.array(warningSchema),
    error: errorSchema.nullable(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;
