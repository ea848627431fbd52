import { readFile } from 'node:fs/promises';
import { type Job, LocScaleError, type RpcClient } from '@chimerax-like/rpc';
import { fromWireError } from '../../engine/wire-error.js';
import type { SharpenRequest } from '../options/request.js';
import type { ProgressView } from '../output/progress.js';
import { mainNumbers } from '../output/result.js';
import { followJob } from './follow-job.js';
import type { RunOutcome } from './outcome.js';

/** Sharpens through the daemon: opens the files there, submits the job, follows it to its end. */
export async function runThroughDaemon(
  client: RpcClient,
  request: SharpenRequest,
  view: ProgressView,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const opened: string[] = [];
  const open = async (path: string): Promise<string> => {
    if (signal.aborted)
      throw new LocScaleError('job.cancelled', 'Cancelled before the job began; nothing was written.');
    const volume = await client.call('volume.open', { path });
    opened.push(volume.id);
    return volume.id;
  };
  try {
    // The daemon opens models by itself and forgets them with the job.
    const inputs: Record<string, string | string[] | { path: string }> = Object.fromEntries(
      Object.entries(request.models).map(([name, path]) => [name, { path }]),
    );
    for (const [name, paths] of Object.entries(request.inputs)) {
      const ids: string[] = [];
      for (const path of typeof paths === 'string' ? [paths] : paths) ids.push(await open(path));
      inputs[name] = typeof paths === 'string' ? (ids[0] as string) : ids;
    }
    const submit = (): Promise<Job> =>
      client.call('job.submit', {
        recipe: request.recipe,
        inputs,
        parameters: request.parameters,
        output: { path: request.output },
      });
    const job = await followJob(client, submit, view, signal);
    opened.push(...Object.values(job.outputs));
    return { ...finished(job), ...mainNumbers(await sidecar(job)) };
  } finally {
    // The daemon outlives this command: what only this run needed is given back; the map itself lies in its file.
    await Promise.allSettled(opened.map((volume) => client.call('volume.close', { volume })));
  }
}

/** The outcome of a job that is done; throws its error otherwise. */
function finished(job: Job): Omit<RunOutcome, 'scaledVoxels' | 'windowSize'> {
  if (job.state === 'done') return { job: job.id, files: job.files, timings: job.timings, warnings: job.warnings };
  if (job.error !== null) throw fromWireError({ ...job.error, details: { ...job.error.details, job: job.id } });
  throw job.state === 'cancelled'
    ? new LocScaleError('job.cancelled', `The job ${job.id} was cancelled; nothing was written.`, { job: job.id })
    : new LocScaleError(
        'rpc.internal',
        `The job ${job.id} ended as ${job.state} without a reason; see the daemon's log.`,
      );
}

/** The sidecar of the job, or nothing when it is not there: only numbers for the last line depend on it. */
async function sidecar(job: Job): Promise<Readonly<Record<string, unknown>>> {
  const path = job.files.find((file) => file.role === 'sidecar')?.path;
  if (path === undefined) return {};
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
