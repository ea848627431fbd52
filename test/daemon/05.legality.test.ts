import { describe, expect, it } from 'vitest';
import type { Job, JobState } from '@chimerax-like/rpc';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { type Inputs, quick, slow, submitSlow, upload, uploadInputs, grid } from './helpers/maps.js';
import { connectTo, exitOf, spawnDaemon } from './helpers/processes.js';

interface Scene {
  readonly daemon: Pick<TestDaemon, 'client'>;
  readonly job: string;
  readonly inputs: Inputs;
}

/** Ways to bring a job into each state. */
const scenes: Readonly<Record<JobState, () => Promise<Scene>>> = {
  queued: async () => {
    const daemon = await testDaemon();
    await submitSlow(daemon);
    const inputs = await uploadInputs(daemon, 32);
    return { daemon, inputs, job: (await daemon.client.call('job.submit', { ...quick, inputs: { ...inputs } })).id };
  },
  running: async () => {
    const daemon = await testDaemon();
    const inputs = await uploadInputs(daemon, 96, 2);
    const { id } = await daemon.client.call('job.submit', { ...slow, inputs: { ...inputs } });
    await reach(daemon.client, id, 'running');
    return { daemon, inputs, job: id };
  },
  done: async () => {
    const daemon = await testDaemon();
    const inputs = await uploadInputs(daemon, 32);
    const { id } = await daemon.client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(daemon.client, id, 'done');
    return { daemon, inputs, job: id };
  },
  failed: async () => {
    const daemon = await testDaemon();
    const inputs = {
      ...(await uploadInputs(daemon, 32)),
      mask: await upload(daemon, new Float32Array(32 ** 3), grid(32)),
    };
    const { id } = await daemon.client.call('job.submit', { ...quick, inputs });
    await reach(daemon.client, id, 'failed');
    return { daemon, inputs, job: id };
  },
  cancelled: async () => {
    const scene = await scenes.running();
    await scene.daemon.client.call('job.cancel', { job: scene.job });
    return scene;
  },
  interrupted: async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const { client, token, url } = await connectTo(home, child.pid);
    const partial = { client, token, url } as TestDaemon;
    const inputs = await uploadInputs(partial, 96, 2);
    const { id } = await client.call('job.submit', { ...slow, inputs: { ...inputs } });
    await reach(client, id, 'running');
    child.kill('SIGKILL');
    await exitOf(child);
    return { daemon: await testDaemon({ home }), inputs, job: id };
  },
};

/** What each call does in each state: the state it answers with, or the kind of its error. */
const table: readonly (readonly [
  state: JobState,
  get: JobState,
  cancel: string,
  closeInput: string,
  events: readonly JobState[],
])[] = [
  ['queued', 'queued', 'cancelled', 'volume.busy', ['queued']],
  ['running', 'running', 'cancelled', 'volume.busy', ['queued', 'running']],
  ['done', 'done', 'job.finished', 'closed', ['queued', 'running', 'done']],
  ['failed', 'failed', 'job.finished', 'closed', ['queued', 'running', 'failed']],
  ['cancelled', 'cancelled', 'job.finished', 'closed', ['queued', 'running', 'cancelled']],
  ['interrupted', 'interrupted', 'job.finished', 'closed', ['queued', 'running', 'interrupted']],
];

describe.each(table)('a job that is %s', (state, get, cancel, closeInput, events) => {
  it(`answers get with ${get}, cancel with ${cancel}, volume.close with ${closeInput}`, async () => {
    const { daemon, job, inputs } = await scenes[state]();
    const { client } = daemon;
    expect((await client.call('job.get', { job })).state).toBe(get);
    expect((await client.call('job.list', {})).map(({ id }) => id)).toContain(job);
    expect((await client.call('job.events', { job })).map((event) => event.job.state)).toEqual(events);
    expect(await client.call('job.events', { job, since: events.length })).toEqual([]);
    expect((await client.call('job.events', { job, since: 1 })).map(({ sequence }) => sequence)).toEqual(
      events.slice(1).map((_, i) => i + 2),
    );
    const close = client.call('volume.close', { volume: inputs.map }).then(
      () => 'closed',
      (error: unknown) => (error as { readonly kind: string }).kind,
    );
    expect(await close).toBe(closeInput);
    const cancelling = client.call('job.cancel', { job }).then(
      (j: Job) => j.state,
      (error: unknown) => (error as { readonly kind: string }).kind,
    );
    expect(await cancelling).toBe(cancel);
    // Whatever it was: now it has ended, and a second cancel says so.
    expect(await kindOf(client.call('job.cancel', { job }))).toBe('job.finished');
  });
});

describe('an unknown job', () => {
  it.each(['job.get', 'job.cancel', 'job.events'] as const)('%s answers job.unknown', async (method) => {
    const { client } = await testDaemon();
    expect(await kindOf(client.call(method, { job: 'job-0000000000000000' }))).toBe('job.unknown');
  });
});
