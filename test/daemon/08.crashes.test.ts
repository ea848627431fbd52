import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crashSentence } from '../../daemon/dist/jobs/crash-reason.js';
import { removeTemporaries } from '../../daemon/dist/jobs/job-runner.js';
import { temporaryName } from '../../daemon/dist/volumes/temporary-file.js';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { quick, submitSlow, uploadInputs } from './helpers/maps.js';
import { connectTo, enginePids, exitOf, runs, spawnDaemon, until } from './helpers/processes.js';
import { stalls } from '../stalls.js';

/** A daemon with a job in the middle of the kernel, and the pid of its engine. */
async function midJob(options: { readonly watchdogMs?: number } = {}) {
  const daemon = await testDaemon(options);
  const { client, home } = daemon;
  const { id } = await submitSlow(daemon);
  await until(async () => (await client.call('job.get', { job: id })).progress?.step === 'scaleWindows');
  const [engine] = enginePids(home);
  if (engine === undefined) throw new Error('no engine is recorded');
  return { daemon, client, id, engine };
}

/** The daemon still does jobs. */
async function works(daemon: TestDaemon): Promise<void> {
  const inputs = { ...(await uploadInputs(daemon, 32)) };
  const { id } = await daemon.client.call('job.submit', { ...quick, inputs });
  expect((await reach(daemon.client, id, 'done', 'failed')).state).toBe('done');
}

describe('an engine that ends in the middle of a job', () => {
  it.each([
    ['SIGKILL', /was killed \(SIGKILL\) during the step scaleWindows; .*memory/],
    ['SIGSEGV', /crashed \(SIGSEGV\) during the step scaleWindows; this is a defect/],
    ['SIGABRT', /crashed \(SIGABRT\) during the step scaleWindows/],
  ] as const)('by %s: the job fails with the reason, the next one runs', async (signal, message) => {
    const { daemon, client, id, engine } = await midJob();
    process.kill(engine, signal);
    const job = await reach(client, id, 'failed');
    expect(job.error).toMatchObject({ kind: 'engine.crashed', message: expect.stringMatching(message) });
    expect(job.error?.details).toMatchObject({ signal, lastStep: 'scaleWindows' });
    expect(await client.call('volume.list', {})).toHaveLength(3);
    await works(daemon);
  });

  it('by hanging: the watchdog ends it', async () => {
    const { daemon, client, id, engine } = await midJob({ watchdogMs: 6000 });
    process.kill(engine, 'SIGSTOP');
    const job = await reach(client, id, 'failed');
    expect(job.error).toMatchObject({ kind: 'engine.crashed', message: expect.stringMatching(/stopped answering/) });
    expect(runs(engine)).toBe(false);
    await works(daemon);
  });

  it('does not keep a cancel from taking less than a second, even when it hangs', stalls, async () => {
    const { client, id, engine } = await midJob();
    process.kill(engine, 'SIGSTOP');
    const started = performance.now();
    expect((await client.call('job.cancel', { job: id })).state).toBe('cancelled');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('is not needed while idle: one that dies between jobs is replaced', async () => {
    const daemon = await testDaemon();
    await works(daemon);
    const [engine] = enginePids(daemon.home);
    if (engine !== undefined) process.kill(engine, 'SIGKILL');
    await works(daemon);
  });
});

describe('what an engine that was killed while it wrote has left', () => {
  it('is removed beside the output, and beside the file that a link stands for; nothing else is', async () => {
    const [folder, other] = [await scratchFolder(), await scratchFolder()];
    await writeFile(join(other, 'real.mrc'), 'old');
    await symlink(join(other, 'real.mrc'), join(folder, 'out.mrc'));
    for (const place of [folder, other]) await writeFile(join(place, temporaryName()), 'half');
    const anothers = temporaryName().replace(`-${process.pid}-`, `-${process.pid}1-`);
    await writeFile(join(folder, anothers), 'half');
    await removeTemporaries(join(folder, 'out.mrc'), process.pid);
    expect((await readdir(folder)).sort()).toEqual([anothers, 'out.mrc']);
    expect(await readdir(other)).toEqual(['real.mrc']);
  });
});

describe('a daemon that is told to stop while it computes', () => {
  const busy = async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const daemon = { ...(await connectTo(home, child.pid)) } as TestDaemon;
    const { id } = await submitSlow(daemon);
    const queued = await daemon.client.call('job.submit', {
      ...quick,
      inputs: { ...(await uploadInputs(daemon, 32)) },
    });
    await until(async () => (await daemon.client.call('job.get', { job: id })).progress?.step === 'scaleWindows');
    return { home, child, client: daemon.client, id, queued: queued.id, engines: enginePids(home) };
  };

  it('cancels the job at the deadline, keeps the queued one for the next start, leaves no engine', async () => {
    const { home, child, client, id, queued, engines } = await busy();
    await client.call('daemon.shutdown', { deadlineSeconds: 0.2 });
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
    expect(engines.filter(runs)).toEqual([]);
    const next = await testDaemon({ home });
    expect((await next.client.call('job.get', { job: id })).state).toBe('cancelled');
    expect((await reach(next.client, queued, 'done', 'failed')).state).toBe('done');
  });

  it('accepts nothing new, and goes at once at the second signal', stalls, async () => {
    const { home, child, client, engines } = await busy();
    child.kill('SIGTERM');
    await until(() => !existsSync(join(home, 'daemon.json')));
    const request = { ...quick, inputs: {} };
    expect(await kindOf(client.call('job.submit', request))).toBe('daemon.stopping');
    const asked = performance.now();
    child.kill('SIGTERM');
    expect(await exitOf(child)).toEqual({ code: 1, signal: null });
    expect(performance.now() - asked).toBeLessThan(1000);
    await until(() => engines.filter(runs).length === 0);
  });
});

describe('the sentence about a crash', () => {
  it.each([
    [{ code: 0, signal: null }, /ended without an answer \(exit status 0\)/],
    [{ code: 7, signal: null }, /exit status 7/],
    [{ code: null, signal: 'SIGTERM' as const }, /ended by a signal \(SIGTERM\)/],
    [{ code: null, signal: 'SIGKILL' as const, outOfMemory: true }, /lack of memory/],
  ])('%o', (death, message) => {
    const sentence = crashSentence({ hung: false, outOfMemory: false, lastStep: 'loadVolume', ...death });
    expect(sentence).toMatch(message);
    expect(sentence).toMatch(/^The engine .* during the step loadVolume; [^;]*\.$/);
  });
});

describe('a daemon that is killed', () => {
  it('takes its engines along, also one in the middle of a kernel', async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const { client, token, url } = await connectTo(home, child.pid);
    const { id } = await submitSlow({ client, token, url } as TestDaemon, client);
    await until(async () => (await client.call('job.get', { job: id })).progress?.step === 'scaleWindows');
    const engines = enginePids(home);
    expect(engines.filter(runs)).toHaveLength(engines.length);
    child.kill('SIGKILL');
    await exitOf(child);
    await until(() => engines.filter(runs).length === 0);
  });

  it('is followed by one that says what was interrupted', async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const { client, token, url } = await connectTo(home, child.pid);
    const { id } = await submitSlow({ client, token, url } as TestDaemon, client);
    await reach(client, id, 'running');
    child.kill('SIGKILL');
    await exitOf(child);
    const next = await testDaemon({ home });
    const job = await next.client.call('job.get', { job: id });
    expect(job.state).toBe('interrupted');
    expect(job.error?.message).toMatch(/daemon ended while the job ran; submit the job again/);
    expect(await next.client.call('volume.list', {})).toHaveLength(3);
    expect(await readFile(next.daemon.paths.daemonLog, 'utf8')).not.toContain(token);
  });
});

it('an engine whose daemon ended while it started ends at once', async () => {
  const entry = fileURLToPath(new URL('../../daemon/dist/engine/main.js', import.meta.url));
  const lost = spawn(process.execPath, [entry, '', '0', '1'], { stdio: 'ignore' }); // process 1 is not its parent
  const [, signal] = (await once(lost, 'exit')) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe('SIGKILL');
}, 20_000);
