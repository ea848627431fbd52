import { once } from 'node:events';
import { type Job, LocScaleError, type RpcClient } from '@chimerax-like/rpc';
import type { ProgressView } from '../output/progress.js';

/** A job that is still queued after this long stands behind others. */
const queuedMs = 1_000;

const hasEnded = (job: Job): boolean => job.state !== 'queued' && job.state !== 'running';

/**
 * Submits a job and waits for its end. Notifications may overtake the answer to the submission, so they are listened to
 * before and sorted by id afterwards. An aborted `signal` cancels the job; its end is still waited for.
 */
export async function followJob(
  client: RpcClient,
  submit: () => Promise<Job>,
  view: ProgressView,
  signal: AbortSignal,
): Promise<Job> {
  const seen = new Map<string, Job>();
  let id: string | null = null;
  let announce: (job: Job) => void = () => undefined;
  const ended = new Promise<Job>((resolve) => (announce = resolve));
  let waiting: NodeJS.Timeout | undefined;
  const stops = [
    () => clearTimeout(waiting),
    client.on('job.changed', ({ job }) => {
      seen.set(job.id, job);
      if (job.id !== id) return;
      clearTimeout(waiting);
      if (hasEnded(job)) announce(job);
    }),
    client.on('job.progress', ({ job, progress }) => {
      if (job === id) view.update(progress);
    }),
  ];
  try {
    const submitted = await submit();
    id = submitted.id;
    const newest = seen.get(id) ?? submitted;
    if (hasEnded(newest)) return newest;
    if (newest.state === 'queued') waiting = setTimeout(() => view.wait('Waiting for other jobs to end'), queuedMs);
    return await Promise.race([ended, lost(client, id), cancelOn(signal, client, id)]);
  } finally {
    for (const stop of stops) stop();
  }
}

async function lost(client: RpcClient, job: string): Promise<never> {
  await client.closed;
  throw new LocScaleError(
    'connection.closed',
    `The connection to the daemon ended while ${job} ran; see \`locscale jobs show ${job}\` for what became of it.`,
    { job },
  );
}

/** Cancels the job when the signal says so; resolves never, because the end of the job is what counts. */
async function cancelOn(signal: AbortSignal, client: RpcClient, job: string): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  try {
    await client.call('job.cancel', { job });
  } catch (error) {
    // It ended in the same moment: the notification of that is on its way.
    if (!(error instanceof LocScaleError && error.kind === 'job.finished')) throw error;
  }
  return new Promise<never>(() => undefined);
}
