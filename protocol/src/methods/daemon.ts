import { z } from 'zod';
import { method } from '../descriptor.js';

export const status = method({
  name: 'daemon.status',
  summary: 'Health in numbers: uptime, memory, sockets, queue, event-loop delay.',
  params: z.strictObject({}),
  result: z.strictObject({
    pid: z.int(),
    version: z.string(),
    startedAt: z.string(),
    uptimeSeconds: z.number().meta({ unit: 's' }),
    sockets: z.int(),
    jobs: z.strictObject({ queued: z.int(), running: z.int(), ended: z.int() }),
    volumes: z.int(),
    residentBytes: z.int().meta({ description: 'Resident memory of the daemon process itself.', unit: 'bytes' }),
    memoryBudgetBytes: z.int().meta({ unit: 'bytes' }),
    memoryReservedBytes: z.int().meta({ description: 'Reserved by running jobs.', unit: 'bytes' }),
    eventLoopDelayMs: z.strictObject({ p50: z.number(), p99: z.number() }).meta({ unit: 'ms' }),
  }),
  errors: [],
});

export const shutdown = method({
  name: 'daemon.shutdown',
  summary: 'Stops the daemon: no new jobs, running jobs are cancelled after the deadline, then exit.',
  params: z.strictObject({
    deadlineSeconds: z.number().min(0).max(3600).default(10).meta({ unit: 's' }),
  }),
  result: z.strictObject({ stopping: z.literal(true) }),
  errors: [],
});

export const daemonMethods = [status, shutdown] as const;
