import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, JobState, RpcClient } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { onTestFinished } from 'vitest';
import { type Daemon, type DaemonOptions, readToken, startDaemon } from '../../../daemon/dist/server/index.js';

/** A folder that goes away with the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-daemon-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestDaemon {
  readonly daemon: Daemon;
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly home: string;
  readonly client: RpcClient;
  /** Another client of the same daemon. */
  readonly connect: () => Promise<RpcClient>;
}

/** A daemon in this process with a state folder of its own, and a client; both end with the test. */
export async function testDaemon(options: DaemonOptions & { readonly home?: string } = {}): Promise<TestDaemon> {
  const home = options.home ?? (await scratchFolder());
  const daemon = await startDaemon({ env: { LOCSCALE_HOME: home }, ...options });
  onTestFinished(() => daemon.stop(0));
  const token = await readToken(daemon.paths.tokenFile);
  const another = (): Promise<RpcClient> => connect(daemon.url, { token });
  const port = Number(new URL(daemon.url).port);
  return { daemon, url: daemon.url, port, token, home, client: await another(), connect: another };
}

/** Waits until the job is in one of the states. */
export async function reach(client: RpcClient, job: string, ...states: JobState[]): Promise<Job> {
  const deadline = performance.now() + 100_000;
  for (;;) {
    const now = await client.call('job.get', { job });
    if (states.includes(now.state)) return now;
    if (performance.now() > deadline)
      throw new Error(`job is ${now.state} (${now.error?.message}), not ${states.join('/')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The kind of the error with which a promise is rejected; fails the test when it is not. */
export async function kindOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'kind' in error ? String(error.kind) : String(error)),
  );
}
