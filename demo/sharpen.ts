import { dirname, join } from 'node:path';
import { apiVersion, type Job, type Progress, type Result, type RpcClient } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import type { DaemonAddress } from './own-daemon.js';

/** Paths of the maps to sharpen, absolute. */
export interface SharpenInputs {
  readonly halfMaps: readonly [string, string];
  readonly reference: string;
  readonly mask: string;
  /** Where the daemon writes the sharpened map. */
  readonly output: string;
}

export interface Sharpened {
  readonly job: Job;
  /** The result as fetched from the daemon over HTTP, C order (z, y, x). */
  readonly voxels: Float32Array;
  readonly hello: Result<'session.hello'>;
}

const fetchVoxels = async ({ connection, token }: DaemonAddress, volume: string): Promise<Float32Array> => {
  const answer = await fetch(`${connection.url}/volumes/${volume}?format=raw`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`The daemon answered HTTP ${answer.status} for ${volume}: ${await answer.text()}`);
  return new Float32Array(await answer.arrayBuffer());
};

const endOf = async (
  client: RpcClient,
  submitted: Job,
  ended: Map<string, Job>,
  wake: () => Promise<void>,
): Promise<Job> => {
  // A job may end before its submission is answered, so the notifications are collected from before.
  for (;;) {
    const job = ended.get(submitted.id);
    if (job !== undefined) return job;
    await Promise.race([wake(), client.closed.then((reason) => Promise.reject(reason))]);
  }
};

/** Opens the maps by path, submits a `reference-map` job, follows it to its end and fetches the result. */
export const sharpenThroughDaemon = async (
  daemon: DaemonAddress,
  inputs: SharpenInputs,
  onProgress: (progress: Progress) => void,
): Promise<Sharpened> => {
  const client = await connect(daemon.connection.url, { token: daemon.token });
  try {
    const hello = await client.call('session.hello', { client: 'locscale demo', api: apiVersion });
    const open = async (path: string): Promise<string> => (await client.call('volume.open', { path })).id;
    const ended = new Map<string, Job>();
    let announce: () => void = () => undefined;
    client.on('job.progress', ({ progress }) => onProgress(progress));
    client.on('job.changed', ({ job }) => {
      if (job.state === 'queued' || job.state === 'running') return;
      ended.set(job.id, job);
      announce();
    });
    const [first, second] = inputs.halfMaps;
    const submitted = await client.call('job.submit', {
      recipe: 'reference-map',
      inputs: {
        halfMaps: [await open(first), await open(second)],
        reference: await open(inputs.reference),
        mask: await open(inputs.mask),
      },
      output: { path: inputs.output },
    });
    const job = await endOf(client, submitted, ended, () => new Promise((resolve) => (announce = resolve)));
    const volume = job.outputs['sharpened'];
    if (job.state !== 'done' || volume === undefined)
      throw new Error(
        `The job ended as ${job.state}${job.error === null ? '' : `: ${job.error.message}`} See ${join(dirname(daemon.connection.tokenFile), 'logs')}.`,
      );
    return { job, voxels: await fetchVoxels(daemon, volume), hello };
  } finally {
    client.close();
  }
};
