import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Job, NotificationParams, Progress } from '@chimerax-like/rpc';
import { watchLoopDelay } from '../../daemon/dist/server/loop-delay.js';
import { readVolume } from '../../daemon/dist/volumes/index.js';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { ball, blob, grid, quick, slow, submitSlow, upload, uploadInputs } from './helpers/maps.js';
import { connectTo, enginePids, niceness, spawnDaemon, until } from './helpers/processes.js';
import { stalls } from '../stalls.js';

describe('a job', () => {
  it('tells of its states, its progress and its slabs, and writes a map and a record', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const states: string[] = [];
    client.on('job.changed', ({ sequence, job }) => states.push(`${sequence} ${job.state}`));
    const sections: (readonly [number, number])[] = [];
    client.on('job.slab', (slab) => sections.push(slab.sections));
    const { map, ...others } = await uploadInputs(daemon, 48);
    const half2 = await upload(daemon, blob(48, 3), grid(48));
    const path = join(await scratchFolder(), 'out.mrc');
    const { id } = await client.call('job.submit', {
      ...quick,
      inputs: { halfMaps: [map, half2], ...others },
      output: { path },
    });
    const job = await reach(client, id, 'done');
    expect(job.files.map(({ role }) => role)).toEqual(['sharpened', 'sidecar']);
    expect(job.progress?.fraction).toBe(1);
    await until(() => states.length === 3);
    expect(states).toEqual(['1 queued', '2 running', '3 done']);
    expect(sections).toEqual([[0, 48]]);
    const written = await readVolume(path);
    expect(written.voxels.some((v) => v !== 0)).toBe(true);
    const mask = ball(48, 0.6);
    expect(written.voxels.every((v, i) => v === 0 || mask[i] === 1)).toBe(true);
    const record = JSON.parse(await readFile(path.replace('.mrc', '.locscale.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(record).toMatchObject({ recipe: 'reference-map', contrastOnly: true, parameters: { windowSize: 10 } });
    expect(record).toMatchObject({ emptyWindows: 0, inputs: { mask: { shape: [48, 48, 48] } } });
    expect(Object.keys(record['inputs'] as object)).toEqual(['half map 1', 'half map 2', 'reference map', 'mask']);
  });

  it('reports at most four times a second, never going back, and says how long it will take', stalls, async () => {
    const daemon = await testDaemon();
    const seen: { at: number; progress: Progress }[] = [];
    daemon.client.on('job.progress', ({ progress }) => seen.push({ at: performance.now(), progress }));
    const { id } = await submitSlow(daemon);
    await until(() => seen.length >= 7);
    await daemon.client.call('job.cancel', { job: id });
    const count = seen.length;
    for (let i = 4; i < seen.length; i++) expect((seen[i]?.at ?? 0) - (seen[i - 4]?.at ?? 0)).toBeGreaterThan(900);
    const fractions = seen.map(({ progress }) => progress.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(seen.at(-1)?.progress.remainingSeconds).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(seen).toHaveLength(count);
  });

  it('shows a first block and finished slabs before it ends, as they will be', async () => {
    const daemon = await testDaemon();
    const inputs = await uploadInputs(daemon, 96, 2);
    const first = new Promise<NotificationParams<'job.block'>>((resolve) => daemon.client.on('job.block', resolve));
    const slab = new Promise<NotificationParams<'job.slab'>>((resolve) => daemon.client.on('job.slab', resolve));
    const { id } = await daemon.client.call('job.submit', {
      ...slow,
      parameters: { windowSize: 24, threads: 1 },
      inputs: { ...inputs },
    });
    const voxels = async (volume: string, region: readonly (readonly [number, number])[]): Promise<Float32Array> => {
      const ranges = region.map(([from, to]) => `${from}:${to}`).join();
      const headers = { authorization: `Bearer ${daemon.token}` };
      const response = await fetch(`${daemon.url}/volumes/${volume}?region=${ranges}`, { headers });
      return new Float32Array(await response.arrayBuffer());
    };
    const block = await first;
    const early = await voxels(block.volume, block.region);
    expect((await daemon.client.call('job.get', { job: id })).state).toBe('running');
    // Whoever looks at it is not kept waiting by the rest.
    if (process.platform === 'linux')
      for (const engine of enginePids(daemon.home)) expect(new Set(niceness(engine))).toEqual(new Set([10]));
    expect(block.region).toEqual([
      [0, 96],
      [0, 96],
      [expect.any(Number), expect.any(Number)],
    ]);
    const [from, to] = block.region[2];
    expect(to - from).toBe(32);
    expect(early.every((v) => v !== 0)).toBe(true);
    const { volume, sections } = await slab;
    const all = [0, 96] as const;
    expect((await voxels(volume, [sections, all, all])).every((v) => v !== 0)).toBe(true);
    await reach(daemon.client, id, 'done');
    expect(await voxels(block.volume, block.region)).toEqual(early);
  });

  it('is told to every client', async () => {
    const daemon = await testDaemon();
    const other = await daemon.connect();
    const seen: Job[] = [];
    other.on('job.changed', ({ job }) => seen.push(job));
    const { id } = await daemon.client.call('job.submit', {
      ...quick,
      inputs: { ...(await uploadInputs(daemon, 32)) },
    });
    await reach(daemon.client, id, 'done');
    await until(() => seen.at(-1)?.state === 'done');
    expect(seen.every((job) => job.id === id)).toBe(true);
  });
});

describe('a connection that drops', () => {
  it('cancels nothing; what was missed is asked for again by sequence number', async () => {
    const daemon = await testDaemon();
    const leaving = await daemon.connect();
    const inputs = { ...(await uploadInputs(daemon, 48)) };
    const { id } = await leaving.call('job.submit', { ...quick, inputs });
    leaving.close();
    await reach(daemon.client, id, 'done');
    const missed = await (await daemon.connect()).call('job.events', { job: id, since: 1 });
    expect(missed.map(({ sequence, job }) => `${sequence} ${job.state}`)).toEqual(['2 running', '3 done']);
  });
});

describe('cancel', () => {
  it('takes less than a second in the kernel, while loading, in the queue, and by another client', stalls, async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const inputs = await uploadInputs(daemon, 96, 2);
    const submit = () => client.call('job.submit', { ...slow, inputs: { ...inputs } });
    const [kernel, queued, loading] = [await submit(), await submit(), await submit()];
    const timeCancel = async (job: string, by = client): Promise<number> => {
      const started = performance.now();
      expect((await by.call('job.cancel', { job })).state).toBe('cancelled');
      return performance.now() - started;
    };
    expect(await timeCancel(queued.id, await daemon.connect())).toBeLessThan(1000);
    await until(async () => (await client.call('job.get', { job: kernel.id })).progress?.step === 'scaleWindows');
    expect(await timeCancel(kernel.id)).toBeLessThan(1000);
    await reach(client, loading.id, 'running');
    expect(await timeCancel(loading.id)).toBeLessThan(1000);
    expect((await client.call('job.get', { job: queued.id })).startedAt).toBeNull();
    const next = await client.call('job.submit', { ...quick, inputs: { ...(await uploadInputs(daemon, 32)) } });
    expect((await reach(client, next.id, 'done', 'failed')).state).toBe('done');
  });

  it('keeps nothing of the result', async () => {
    const daemon = await testDaemon();
    const { id } = await submitSlow(daemon);
    await until(async () => (await daemon.client.call('job.get', { job: id })).progress?.step === 'scaleWindows');
    expect(await daemon.client.call('volume.list', {})).toHaveLength(4);
    await daemon.client.call('job.cancel', { job: id });
    expect(await daemon.client.call('volume.list', {})).toHaveLength(3);
    expect((await readdir(daemon.daemon.paths.volumes)).filter((name) => name.endsWith('.raw'))).toHaveLength(3);
  });
});

describe('submitting', () => {
  it('twice with the same key gives the same job, also at the same time; another request under the key is a conflict', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const other = await daemon.connect();
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    const request = { ...quick, inputs, requestKey: 'mine' };
    const both = await Promise.all([client.call('job.submit', request), other.call('job.submit', request)]);
    expect(both[0].id).toBe(both[1].id);
    await reach(client, both[0].id, 'done');
    expect(await client.call('job.submit', request)).toMatchObject({ id: both[0].id, state: 'done' });
    const different = { ...request, parameters: { windowSize: 12 } };
    expect(await kindOf(client.call('job.submit', different))).toBe('job.conflict');
    expect(await client.call('job.list', {})).toHaveLength(1);
  });

  it('a refused request leaves its key free', async () => {
    const daemon = await testDaemon();
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    const submit = (windowSize: number) =>
      daemon.client.call('job.submit', { ...quick, inputs, parameters: { windowSize }, requestKey: 'k' });
    expect(await kindOf(submit(34))).toBe('input.parameter');
    await expect(submit(10)).resolves.toMatchObject({ state: expect.stringMatching(/queued|running/) });
  });

  it('what needs more memory than there is, is refused with numbers', async () => {
    const daemon = await testDaemon({ memoryBytes: 64 * 2 ** 20 });
    const inputs = { ...(await uploadInputs(daemon, 32)) };
    const estimate = await daemon.client.call('job.estimate', { ...quick, inputs });
    expect(estimate).toMatchObject({ fits: false, budgetBytes: 64 * 2 ** 20, windowSize: 10 });
    const refused = await daemon.client.call('job.submit', { ...quick, inputs }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      kind: 'limit.memory',
      message: expect.stringMatching(/needs about \d+ MiB.*is 64 MiB/),
    });
  });

  it('two jobs never run at once', async () => {
    const daemon = await testDaemon();
    let most = 0;
    const inputs = { ...(await uploadInputs(daemon, 48)) };
    const jobs = await Promise.all([1, 2, 3].map(() => daemon.client.call('job.submit', { ...quick, inputs })));
    await until(async () => {
      const { running, ended } = (await daemon.client.call('daemon.status', {})).jobs;
      most = Math.max(most, running);
      return ended === 3;
    });
    expect(most).toBe(1);
    const ran = await Promise.all(jobs.map(({ id }) => reach(daemon.client, id, 'done')));
    ran.sort((a, b) => (a.startedAt ?? '').localeCompare(b.startedAt ?? ''));
    for (let i = 1; i < ran.length; i++) expect((ran[i]?.startedAt ?? '') >= (ran[i - 1]?.endedAt ?? '~')).toBe(true);
  });
});

describe('the daemon', () => {
  it(
    'answers at once while a job runs: 99 % of its turns are less than 20 ms later than those of a process that waits',
    stalls,
    async () => {
      const home = await scratchFolder();
      const child = spawnDaemon(home);
      const daemon = { ...(await connectTo(home, child.pid)) } as TestDaemon;
      const { id } = await submitSlow(daemon, daemon.client, 144);
      await reach(daemon.client, id, 'running');
      // This process only waits meanwhile: what its own turns are late by, other programs on the machine are to blame for.
      const bystander = watchLoopDelay();
      onTestFinished(() => bystander.stop());
      // The window holds the uploads and the first calls of every function too; while the job goes on they count for less.
      const late = async (): Promise<number> => {
        const { p99 } = (await daemon.client.call('daemon.status', {})).eventLoopDelayMs;
        return p99 - bystander.read().p99;
      };
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await expect.poll(late, { timeout: 20_000, interval: 500 }).toBeLessThan(20);
      expect((await daemon.client.call('job.get', { job: id })).state).toBe('running');
    },
  );
});
