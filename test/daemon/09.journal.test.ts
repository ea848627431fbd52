import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newJob } from '../../daemon/dist/jobs/job-entry.js';
import { Journal } from '../../daemon/dist/jobs/journal.js';
import { decodeRecord, encodeRecord, type JournalRecord } from '../../daemon/dist/jobs/journal-record.js';
import { reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { quick, submitSlow, uploadInputs } from './helpers/maps.js';
import { connectTo, exitOf, spawnDaemon } from './helpers/processes.js';

const id = 'job-0123456789abcdef';
const request = {
  recipe: 'reference-map',
  inputs: {},
  parameters: {},
  outputPath: null,
  requestKey: null,
  requestHash: 'x',
};

function record(seq: number, state: 'queued' | 'running' | 'done'): JournalRecord {
  const job = { ...newJob(id, 'reference-map', []), state, submittedAt: '2026-01-01T00:00:00.000Z' };
  return { seq, at: new Date(seq).toISOString(), state, payload: seq === 1 ? { job, request } : { job } };
}

describe('a record', () => {
  it('is read back as written, and not at all when any character is lost or changed', () => {
    const line = encodeRecord(record(1, 'queued')).trimEnd();
    expect(decodeRecord(line)).toEqual(record(1, 'queued'));
    for (let i = 0; i < line.length; i++) {
      expect(decodeRecord(line.slice(0, i))).toBeNull();
      expect(decodeRecord(`${line.slice(0, i)}~${line.slice(i + 1)}`)).toBeNull();
    }
  });
});

describe('a journal', () => {
  const folders: string[] = [];
  const folder = async (): Promise<string> => {
    folders.push(await mkdtemp(join(tmpdir(), 'locscale-journal-')));
    return folders.at(-1) ?? '';
  };
  afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))));

  it('cut anywhere gives the whole records before the cut, and goes on from there', async () => {
    const at = await folder();
    const path = join(at, `${id}.ndjson`);
    const lines = [record(1, 'queued'), record(2, 'running'), record(3, 'done')].map(encodeRecord);
    const text = lines.join('');
    for (let cut = 0; cut <= text.length; cut += 7) {
      await writeFile(path, text.slice(0, cut));
      const journal = new Journal(at);
      const records = (await journal.replay()).get(id) ?? [];
      const whole = lines.filter((_, i) => lines.slice(0, i + 1).join('').length <= cut).length;
      expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3].slice(0, whole));
      if (whole === 0) {
        expect(await readdir(at)).toEqual([]);
        continue;
      }
      await journal.append(id, { ...record(2, 'running'), seq: whole + 1 }, true);
      expect((await new Journal(at).replay()).get(id)).toHaveLength(whole + 1);
    }
  });

  it('with a damaged line in the middle is cut there', async () => {
    const at = await folder();
    const path = join(at, `${id}.ndjson`);
    await writeFile(path, encodeRecord(record(1, 'queued')));
    await appendFile(path, `garbage\n${encodeRecord(record(2, 'running'))}`);
    expect((await new Journal(at).replay()).get(id)).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(encodeRecord(record(1, 'queued')));
  });
});

describe('a daemon killed at any moment', () => {
  it('loses no accepted job and makes none twice', async () => {
    const home = await scratchFolder();
    const accepted: string[] = [];
    for (const waitMs of [0, 15, 60, 150, 400]) {
      const child = spawnDaemon(home);
      const { client, token, url } = await connectTo(home, child.pid);
      const inputs = { ...(await uploadInputs({ client, token, url } as TestDaemon, 32)) };
      for (let i = 0; i < 3; i++) {
        const key = `${waitMs}-${i}`;
        accepted.push((await client.call('job.submit', { ...quick, inputs, requestKey: key })).id);
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      child.kill('SIGKILL');
      await exitOf(child);
    }
    const { client } = await testDaemon({ home });
    const jobs = await client.call('job.list', {});
    expect(jobs.map((job) => job.id).sort()).toEqual([...accepted].sort());
    for (const job of jobs) {
      const ended = await reach(client, job.id, 'done', 'interrupted');
      const states = (await client.call('job.events', { job: job.id })).map((event) => event.job.state);
      expect(states).toEqual(['queued', 'running', ended.state]);
    }
  });
});

describe('a restart', () => {
  it('goes on with jobs that were queued, and still knows their request keys', async () => {
    const home = await scratchFolder();
    const first = await testDaemon({ home });
    await submitSlow(first);
    const inputs = { ...(await uploadInputs(first, 32)) };
    const queued = await first.client.call('job.submit', { ...quick, inputs, requestKey: 'later' });
    await first.daemon.stop(0);
    const second = await testDaemon({ home });
    expect(await second.client.call('job.submit', { ...quick, inputs, requestKey: 'later' })).toMatchObject({
      id: queued.id,
    });
    const done = await reach(second.client, queued.id, 'done', 'failed');
    expect(done.state).toBe('done');
    const [slow] = (await second.client.call('job.list', {})).slice(-1);
    expect(slow?.state).toBe('cancelled');
  });
});
