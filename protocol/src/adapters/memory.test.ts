import { expect, test } from 'vitest';
import { RpcClient } from '../client.js';
import { LocScaleError } from '../errors.js';
import { handlersWith, sampleJob } from '../handlers.fixture.js';
import { createRpcServer } from '../server.js';
import type { Handlers } from '../typed.js';
import { memoryPair } from './memory.js';

function connected(handlers: Partial<Handlers<object>>) {
  const server = createRpcServer({ handlers: handlersWith(handlers), onInternalError: () => undefined });
  const { transport, connection } = memoryPair(server, {});
  return { client: new RpcClient(transport), connection };
}

test('a call comes back with its result', async () => {
  const { client } = connected({ 'job.get': ({ job }) => ({ ...sampleJob, id: job }) });
  expect(await client.call('job.get', { job: 'job-00000000000000aa' })).toMatchObject({ id: 'job-00000000000000aa' });
});

test('an error of the daemon comes back as LocScaleError with kind, message and details', async () => {
  const error = new LocScaleError('input.mismatch', 'The mask has 96 sections, the map 128; resample one.', {
    seen: 96,
  });
  const { client } = connected({ 'volume.list': () => Promise.reject(error) });
  const caught = await client.call('volume.list').catch((e: unknown) => e);
  expect(caught).toBeInstanceOf(LocScaleError);
  expect(caught).toMatchObject({ kind: error.kind, code: 1005, message: error.message, details: { seen: 96 } });
});

test('listeners hear their notification until they are taken off; unknown ones are ignored', async () => {
  const { client, connection } = connected({ 'volume.list': () => [] });
  const heard: string[] = [];
  const listener = ({ job }: { job: { state: string } }): void => void heard.push(job.state);
  const off = client.on('job.changed', listener);
  const offToo = client.on('job.changed', listener);
  connection.notify('job.changed', { sequence: 1, job: sampleJob });
  await client.call('volume.list');
  expect(heard).toEqual(['running', 'running']);
  off();
  off();
  connection.notify('job.changed', { sequence: 2, job: { ...sampleJob, state: 'done' } });
  connection.notify('job.slab', {
    job: sampleJob.id,
    output: 'sharpened',
    volume: 'vol-0000000000000001',
    sections: [0, 8],
  });
  await client.call('volume.list');
  expect(heard).toEqual(['running', 'running', 'done']);
  offToo();
});

test('the memory pair ends for both', async () => {
  const { client, connection } = connected({ 'volume.list': () => new Promise(() => undefined) });
  const pending = client.call('volume.list').catch((e: unknown) => e);
  connection.close({ code: 1001, reason: 'going away' });
  expect(await pending).toMatchObject({ kind: 'connection.closed', details: { code: 1001, reason: 'going away' } });
});
