import { afterEach, expect, test, vi } from 'vitest';
import { RpcClient } from './client.js';
import { sampleJob } from './handlers.fixture.js';
import type { CloseReason, Transport } from './transport.js';

afterEach(() => vi.useRealTimers());

/** A transport whose other end is the test. */
function bare() {
  const sent: string[] = [];
  let receive: (text: string) => void = () => undefined;
  let end: (reason: CloseReason) => void = () => undefined;
  const close = vi.fn();
  const transport: Transport = {
    send: (text) => void sent.push(text),
    onMessage: (listener) => {
      receive = listener;
    },
    onClose: (listener) => {
      end = listener;
    },
    close,
  };
  return {
    sent,
    transport,
    close,
    receive: (text: string) => receive(text),
    end: (reason: CloseReason) => end(reason),
  };
}

test('answers find their calls in any order', async () => {
  const { sent, transport, receive } = bare();
  const client = new RpcClient(transport);
  const first = client.call('daemon.shutdown', {});
  const second = client.call('volume.close', { volume: 'vol-0000000000000001' });
  expect(sent.map((text) => (JSON.parse(text) as { id: unknown }).id)).toEqual([1, 2]);
  receive('{"jsonrpc":"2.0","id":2,"result":{"closed":true}}');
  receive('{"jsonrpc":"2.0","id":1,"result":{"stopping":true}}');
  expect(await first).toEqual({ stopping: true });
  expect(await second).toEqual({ closed: true });
});

test('a call that is not answered in time fails; the late answer is ignored', async () => {
  vi.useFakeTimers();
  const { transport, receive, close } = bare();
  const client = new RpcClient(transport, { timeoutMs: 1000 });
  const slow = client.call('volume.list').catch((e: unknown) => e);
  const patient = client.call('volume.list', {}, { timeoutMs: 0 });
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await slow).toMatchObject({ kind: 'connection.timeout', details: { timeoutMs: 1000 } });
  receive('{"jsonrpc":"2.0","id":1,"result":[]}');
  expect(close).not.toHaveBeenCalled();
  receive('{"jsonrpc":"2.0","id":2,"result":[]}');
  expect(await patient).toEqual([]);
});

test('parameters that JSON cannot hold fail the call and leave nothing behind', async () => {
  vi.useFakeTimers();
  const { sent, transport } = bare();
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const client = new RpcClient(transport);
  await expect(client.call('job.estimate', { recipe: 'reference-map', inputs: cycle })).rejects.toThrow(TypeError);
  expect(sent).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('an answered call leaves no timer behind', async () => {
  vi.useFakeTimers();
  const { transport, receive } = bare();
  const client = new RpcClient(transport);
  const call = client.call('volume.list');
  receive('{"jsonrpc":"2.0","id":1,"result":[]}');
  await call;
  expect(vi.getTimerCount()).toBe(0);
});

test('the end of the connection rejects what is unanswered, and every later call', async () => {
  const { transport, end } = bare();
  const client = new RpcClient(transport);
  const pending = client.call('volume.list').catch((e: unknown) => e);
  end({ code: 1006, reason: '' });
  expect(await pending).toMatchObject({ kind: 'connection.closed', details: { code: 1006 } });
  expect(await client.closed).toMatchObject({ kind: 'connection.closed' });
  await expect(client.call('volume.list')).rejects.toMatchObject({ kind: 'connection.closed' });
});

test('close() ends both sides', async () => {
  const { transport, close } = bare();
  const client = new RpcClient(transport);
  const pending = client.call('volume.list').catch((e: unknown) => e);
  client.close();
  client.close();
  expect(await pending).toMatchObject({ kind: 'connection.closed' });
  expect(close).toHaveBeenCalledTimes(1);
});

test.each([
  ['a text that is not JSON', '<html>', 'rpc.parse'],
  ['a message of no known form', '{"hello":1}', 'rpc.parse'],
  [
    'an error without id',
    '{"jsonrpc":"2.0","id":null,"error":{"code":1051,"message":"Too long.","data":{"kind":"limit.size","details":{}}}}',
    'limit.size',
  ],
])('%s ends the connection, for no call can be told from it', async (_, text, kind) => {
  const { transport, receive, close } = bare();
  const client = new RpcClient(transport);
  const pending = client.call('volume.list').catch((e: unknown) => e);
  receive(text);
  expect(await pending).toMatchObject({ kind });
  expect(close).toHaveBeenCalledTimes(1);
});

test('an error of a kind that this version does not know keeps its name', async () => {
  const { transport, receive } = bare();
  const call = new RpcClient(transport).call('volume.list').catch((e: unknown) => e);
  receive(
    '{"jsonrpc":"2.0","id":1,"error":{"code":1999,"message":"New.","data":{"kind":"future.kind","details":{"a":1}}}}',
  );
  expect(await call).toMatchObject({ message: 'New.', details: { a: 1, kind: 'future.kind', code: 1999 } });
});

test('a listener that throws does not keep the others from hearing', () => {
  const { transport, receive } = bare();
  const client = new RpcClient(transport);
  const thrown: (() => void)[] = [];
  vi.stubGlobal('queueMicrotask', (task: () => void) => thrown.push(task));
  const heard = vi.fn();
  client.on('job.progress', () => {
    throw new Error('in the listener');
  });
  client.on('job.progress', heard);
  receive(`{"jsonrpc":"2.0","method":"job.progress","params":{"job":"${sampleJob.id}"}}`);
  vi.unstubAllGlobals();
  expect(heard).toHaveBeenCalledWith({ job: sampleJob.id });
  expect(() => thrown.forEach((task) => task())).toThrow('in the listener');
});
