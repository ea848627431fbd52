import { z } from 'zod';
import { method } from '../descriptor.js';

export const status = method({
  name: 'daemon.status',
  summary: 'Health in numbers: uptime, memory, sockets, queue, event-loop delay.',
  params: z.strictObject({}),
  result: z.strictObject({
    pid: z.int().meta({ description: 'Process id of the daemon.' }),
    version: z.string().meta({ description: 'Version of the daemon.' }),
    startedAt: z.string().meta({ description: 'ISO 8601, UTC.' }),
    uptimeSeconds: z.number().meta({ unit: 's' }),
    sockets: z.int().meta({ description: 'Open WebSocket connections.' }),
    jobs: z
      .strictObject({ queued: z.int(), running: z.int(), ended: z.int() })
      .meta({ description: 'Number of jobs in each state; `ended` counts done, failed, cancelled and interrupted.' }),
    volumes: z.int().meta({ description: 'Volumes that the daemon holds.' }),
    models: z.int().meta({ description: 'Models that the daemon holds.' }),
    residentBytes: z.int().meta({ description: 'Resident memory of the daemon process itself.', unit: 'bytes' }),
    memoryBudgetBytes: z.int().meta({ description: 'What all running jobs together may use.', unit: 'bytes' }),
    memoryReservedBytes: z.int().meta({ description: 'Reserved by running jobs.', unit: 'bytes' }),
    eventLoopDelayMs: z
      .strictObject({ p50: z.number(), p99: z.number() })
      .meta({ description: 'Delay of the event loop: median and 99th percentile.', unit: 'ms' }),
  }),
  errors: [],
});

export const shutdown = method({
  name: 'daemon.shutdown',
  summary: 'Stops the daemon: no new jobs, running jobs are cancelled after the deadline, then exit.',
  params: z.strictObject({
    deadlineSeconds: z
      .number()
      .min(0)
      .max(3600)
      .default(10)
      .meta({ description: 'How long running jobs may go on before they are cancelled.', unit: 's' }),
  }),
  result: z.strictObject({ stopping: z.literal(true) }),
  errors: ['access.denied'],
});

export const daemonMethods = [status, shutdown] as const;
