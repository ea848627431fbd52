import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultLimits, subprotocol, tokenSubprotocol, webSocketUrl } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { knownJob } from './api-server.js';
import { listen, token, type Running } from './socket-server.js';

/** The machine may be busy; what is waited for here comes at once on an idle one. */
const patience = { timeout: 10_000, interval: 10 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(...args: Parameters<typeof listen>): Promise<Running> {
  const running = await listen(...args);
  cleanups.push(running.stop);
  return running;
}

/** A socket without our client, and everything that it receives. */
async function open(running: Running, options: { readonly autoPong?: boolean } = {}) {
  const socket = new WebSocket(webSocketUrl(running.url), {
    headers: { authorization: `Bearer ${token}` },
    ...options,
  });
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse((data as Buffer).toString('utf8'))));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');
  cleanups.push(() => socket.terminate());
  return {
    socket,
    received,
    closed,
    answers: (count: number) => vi.waitFor(() => expect(received).toHaveLength(count), patience),
  };
}

const call = (method: string, id: unknown, params: unknown = []): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params, id });

describe('frames', () => {
  test('a binary frame ends the connection with 1003', async () => {
    const { socket, closed, received } = await open(await start('demo'));
    socket.send(Buffer.from(call('null', 1)));
    expect(await closed).toBe(1003);
    expect(received).toEqual([]);
  });

  test('invalid UTF-8 ends the connection with 1007', async () => {
    const { socket, closed } = await open(await start('demo'));
    socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    expect(await closed).toBe(1007);
  });

  test.each([
    ['an empty frame', ''],
    ['a byte order mark', `\ufeff${call('null', 1)}`],
    ['two messages in one frame', `${call('null', 1)}\n${call('null', 2)}`],
  ])('%s is answered by a parse error, and the connection goes on', async (_, text) => {
    const { socket, received, answers } = await open(await start('demo'));
    socket.send(text);
    socket.send(call('null', 'after'));
    await answers(2);
    expect(received).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: 'after', result: null },
    ]);
  });

  test('a message in many fragments is one message', async () => {
    const { socket, received, answers } = await open(await start('demo'));
    const text = call('echo', 1, ['Å電😀']);
    const bytes = Buffer.from(text);
    for (const [i, byte] of bytes.entries()) {
      socket.send(Buffer.from([byte]), { binary: false, fin: i === bytes.length - 1 });
    }
    await answers(1);
    expect(received).toEqual([{ jsonrpc: '2.0', id: 1, result: ['Å電😀'] }]);
  });

  test('a message at the limit is answered, one byte more ends the connection with 1009', async () => {
    const { socket, received, answers, closed } = await open(await start('demo'));
    const text = call('null', 1);
    socket.send(text.padEnd(defaultLimits.messageBytes));
    await answers(1);
    socket.send(text.padEnd(defaultLimits.messageBytes + 1));
    expect(await closed).toBe(1009);
    expect(received).toHaveLength(1);
  });
});

describe('calls', () => {
  test('pipelined calls are answered as they finish', async () => {
    const { socket, received, answers } = await open(await start('demo'));
    socket.send(call('wait', 1, ['slow']));
    socket.send(call('echo', 2, ['quick']));
    await answers(1);
    socket.send(call('release', 3, ['slow']));
    await answers(3);
    expect(received.map((answer) => (answer as { id: unknown }).id)).toEqual([2, 1, 3]);
  });

  test('an id in flight is refused, on this connection only', async () => {
    const running = await start('demo');
    const one = await open(running);
    const two = await open(running);
    one.socket.send(call('wait', 1, ['slow']));
    one.socket.send(call('null', 1));
    two.socket.send(call('null', 1));
    await one.answers(1);
    await two.answers(1);
    expect(one.received).toMatchObject([{ id: null, error: { code: -32600, data: { details: { id: 1 } } } }]);
    expect(two.received).toEqual([{ jsonrpc: '2.0', id: 1, result: null }]);
  });

  test('an answer that comes after the socket has closed goes nowhere and harms nobody', async () => {
    const running = await start('demo');
    const { socket } = await open(running);
    socket.send(call('wait', 1, ['late']));
    const waiting = await vi.waitUntil(() => running.contexts[0]?.waiting.get('late'), patience);
    socket.terminate();
    await vi.waitUntil(() => running.ended() === 1, patience);
    waiting('too late');
    const next = await open(running);
    next.socket.send(call('null', 1));
    await next.answers(1);
    expect(running.defects).toEqual([]);
  });
});

describe('the client', () => {
  test('calls, listens and closes', async () => {
    const running = await start('api');
    const client = await connect(running.url, { token });
    expect(await client.call('job.get', { job: knownJob.id })).toEqual(knownJob);
    await expect(client.call('job.get', { job: 'job-00000000000000ff' })).rejects.toMatchObject({
      kind: 'job.unknown',
    });
    const heard = new Promise((resolve) => client.on('job.changed', resolve));
    running.connections[0]?.notify('job.changed', { sequence: 1, job: knownJob });
    expect(await heard).toEqual({ sequence: 1, job: knownJob });
    client.close();
    await vi.waitUntil(() => running.ended() === 1, patience);
  });

  test('hears the code and the reason when the daemon closes', async () => {
    const running = await start('api');
    const client = await connect(running.url, { token });
    running.connections[0]?.close(1001, 'the daemon stops');
    expect(await client.closed).toMatchObject({
      kind: 'connection.closed',
      details: { code: 1001, reason: 'the daemon stops' },
    });
  });

  test('says what is wrong: the token, no daemon, no WebSocket, no address', async () => {
    const running = await start('api');
    await expect(connect(running.url, { token: 'wrong' })).rejects.toMatchObject({ kind: 'access.denied' });
    await expect(connect(`${running.url}/elsewhere`, { token })).rejects.toMatchObject({ kind: 'connection.refused' });
    await expect(connect('not an address', { token })).rejects.toMatchObject({ kind: 'connection.refused' });
    await running.stop();
    await expect(connect(running.url, { token })).rejects.toMatchObject({ kind: 'connection.refused' });
  });

  test('a browser gets in by subprotocol, and does not see its token again', async () => {
    const running = await start('api');
    const socket = new WebSocket(webSocketUrl(running.url), [subprotocol, tokenSubprotocol(token)]);
    await once(socket, 'open');
    expect(socket.protocol).toBe(subprotocol);
    socket.terminate();
  });
});

describe('a slow reader', () => {
  /** Big enough that the buffers of the operating system cannot take a hundred of them. */
  const bulky = { ...knownJob, recipe: 'x'.repeat(300_000) };
  const progress = (fraction: number) => ({
    job: knownJob.id,
    progress: { step: 'scaleWindows', fraction, message: '', elapsedSeconds: 1, remainingSeconds: null },
  });

  test('gets every change of state in order, and of the progress the newest', async () => {
    const running = await start('api', { limits: { sendHighWaterBytes: 100_000, sendOverflowBytes: 100_000_000 } });
    const { socket, received } = await open(running);
    const connection = await vi.waitUntil(() => running.connections[0], patience);
    socket.pause();
    for (let sequence = 0; sequence < 100; sequence++) connection.notify('job.changed', { sequence, job: bulky });
    for (let i = 0; i <= 1000; i++) connection.notify('job.progress', progress(i / 1000));
    connection.notify('job.changed', { sequence: 100, job: { ...knownJob, state: 'done' } });
    socket.resume();
    await vi.waitFor(() => expect(received).toHaveLength(102), patience);
    await delay(50);
    const messages = received as { method: string; params: { sequence: number; progress: { fraction: number } } }[];
    expect(messages.filter((m) => m.method === 'job.changed').map((m) => m.params.sequence)).toEqual(
      Array.from({ length: 101 }, (_, i) => i),
    );
    expect(messages.filter((m) => m.method === 'job.progress').map((m) => m.params.progress.fraction)).toEqual([1]);
    expect(messages.at(-1)).toMatchObject({ method: 'job.changed', params: { job: { state: 'done' } } });
  });

  test('is dropped once too much waits for it', async () => {
    const running = await start('api', { limits: { sendHighWaterBytes: 100_000, sendOverflowBytes: 2_000_000 } });
    const { socket, closed, received } = await open(running);
    const connection = await vi.waitUntil(() => running.connections[0], patience);
    socket.pause();
    for (let sequence = 0; sequence < 100; sequence++) connection.notify('job.changed', { sequence, job: bulky });
    await vi.waitUntil(() => running.ended() === 1, patience);
    socket.resume();
    expect(await closed).toBe(1006);
    expect(received.length).toBeLessThan(100);
  });
});

describe('heartbeat', () => {
  test('a peer that answers stays, one that does not is dropped', async () => {
    const running = await start('demo', { heartbeatMs: 400 });
    const silent = await open(running, { autoPong: false });
    const lively = await open(running);
    expect(await silent.closed).toBe(1006);
    await delay(1000);
    lively.socket.send(call('null', 1));
    await lively.answers(1);
    expect(running.ended()).toBe(1);
  });
});
