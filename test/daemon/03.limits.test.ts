import { createServer } from 'node:net';
import { connect as connectWebSocket } from 'node:net';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { kindOf, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { get, rawStatus } from './helpers/http.js';
import { blob } from './helpers/maps.js';

/** Opens a bare WebSocket. */
function open({ port, token }: TestDaemon): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_, response) => reject(new Error(`status ${response.statusCode}`)));
    socket.once('error', () => undefined);
  });
}

const answer = (socket: WebSocket): Promise<string> =>
  new Promise((resolve) => socket.once('message', (data) => resolve((data as Buffer).toString('utf8'))));
const closeCode = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

/** A valid call of exactly this many bytes. */
function callOfLength(bytes: number): string {
  const frame = '{"jsonrpc":"2.0","id":1,"method":"volume.list","params":{}}';
  return frame + ' '.repeat(bytes - frame.length);
}

describe('control messages', () => {
  it('of 1 MiB are answered, one byte more ends the connection with 1009', async () => {
    const daemon = await testDaemon();
    const socket = await open(daemon);
    socket.send(callOfLength(1024 * 1024));
    expect(JSON.parse(await answer(socket))).toEqual({ jsonrpc: '2.0', id: 1, result: [] });
    socket.send(callOfLength(1024 * 1024 + 1));
    expect(await closeCode(socket)).toBe(1009);
  });

  it('come in batches of at most 50', async () => {
    const socket = await open(await testDaemon());
    const batch = (n: number): string =>
      JSON.stringify(Array.from({ length: n }, (_, id) => ({ jsonrpc: '2.0', id, method: 'volume.list' })));
    socket.send(batch(50));
    expect(JSON.parse(await answer(socket))).toHaveLength(50);
    socket.send(batch(51));
    expect(JSON.parse(await answer(socket))).toMatchObject({ error: { data: { kind: 'limit.size' } } });
  });

  it('are text: a binary frame ends the connection with 1003', async () => {
    const socket = await open(await testDaemon());
    socket.send(Buffer.from('{}'));
    expect(await closeCode(socket)).toBe(1003);
  });
});

describe('a message in 10 000 fragments', () => {
  it('is put together and answered, while others are served', async () => {
    const daemon = await testDaemon();
    const socket = await open(daemon);
    const text = callOfLength(10_000);
    // Listened to from the start: which of the two answers comes first depends on how busy the machine is.
    const answered = answer(socket);
    for (let i = 0; i < text.length; i++) socket.send(text[i] ?? '', { fin: i === text.length - 1, binary: false });
    expect(await daemon.client.call('volume.list', {})).toEqual([]);
    expect(JSON.parse(await answered)).toEqual({ jsonrpc: '2.0', id: 1, result: [] });
  });
});

describe('connections', () => {
  it('number at most 16, and a closed one makes room', async () => {
    const daemon = await testDaemon();
    // The client of the test is one of the 16.
    const sockets = await Promise.all(Array.from({ length: 15 }, () => open(daemon)));
    await expect(open(daemon)).rejects.toThrow(/status 503/);
    sockets.pop()?.close();
    await expect
      .poll(() =>
        open(daemon).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  it('that flood with pings are cut off', async () => {
    const socket = await open(await testDaemon());
    const closed = closeCode(socket);
    for (let i = 0; i < 200; i++) socket.ping();
    expect(await closed).toBe(1006);
  });

  it('that never finish their headers do not keep others out', async () => {
    const { port, client } = await testDaemon();
    const halfOpen = Array.from({ length: 200 }, () =>
      connectWebSocket(port, '127.0.0.1', function (this: { write(t: string): void }) {
        this.write('GET /healthz HTTP/1.1\r\nHost: 127');
      }),
    );
    halfOpen.forEach((socket) => socket.on('error', () => undefined));
    expect(await rawStatus(port, get('/healthz', `Host: 127.0.0.1:${port}`))).toBe(200);
    expect((await client.call('daemon.status', {})).sockets).toBe(1);
    halfOpen.forEach((socket) => socket.destroy());
  });
});

describe('uploads', () => {
  const n = 8;
  const bytes = 4 * n ** 3;

  const put = async (
    { url, token }: TestDaemon,
    query: string,
    body: Uint8Array | ReadableStream,
    type = 'application/octet-stream',
  ) => {
    const init = {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
      duplex: 'half',
    } as RequestInit;
    const response = await fetch(`${url}/volumes${query}`, init);
    const answer = (await response.json()) as { error?: { kind: string }; id?: string };
    return { status: response.status, kind: answer.error?.kind };
  };
  const query = `?shape=${n},${n},${n}&voxelSize=1,1,1`;
  const voxels = new Uint8Array(blob(n, 1).buffer);

  it('of the largest size pass, one voxel more does not', async () => {
    const atLimit = await testDaemon({ limits: { uploadBytes: bytes } });
    expect(await put(atLimit, query, voxels)).toMatchObject({ status: 201 });
    const below = await testDaemon({ limits: { uploadBytes: bytes - 1 } });
    expect(await put(below, query, voxels)).toEqual({ status: 413, kind: 'limit.size' });
    expect(await put(below, '', voxels, 'application/x-mrc')).toEqual({ status: 413, kind: 'limit.size' });
    expect(await below.client.call('volume.list', {})).toEqual([]);
  });

  it('must have exactly the length of their shape, announced or not', async () => {
    const daemon = await testDaemon();
    const stream = (data: Uint8Array): ReadableStream => ReadableStream.from([data]);
    const longer = new Uint8Array(bytes + 1);
    expect(await put(daemon, query, voxels.subarray(1))).toEqual({ status: 415, kind: 'input.format' });
    expect(await put(daemon, query, longer)).toEqual({ status: 415, kind: 'input.format' });
    expect(await put(daemon, query, stream(voxels.subarray(1)))).toEqual({ status: 415, kind: 'input.format' });
    expect(await put(daemon, query, stream(longer))).toEqual({ status: 413, kind: 'limit.size' });
    expect(await put(daemon, query, stream(voxels))).toMatchObject({ status: 201 });
    expect(await daemon.client.call('volume.list', {})).toHaveLength(1);
  });

  it('that break off leave nothing', async () => {
    const daemon = await testDaemon();
    const { port, token, client } = daemon;
    await new Promise<void>((resolve) => {
      const broken = request({
        port,
        host: '127.0.0.1',
        method: 'PUT',
        path: `/volumes${query}`,
        headers: { authorization: `Bearer ${token}`, 'content-length': bytes },
      });
      broken.on('error', () => resolve());
      broken.write(voxels.subarray(0, 100), () => setTimeout(() => broken.destroy(new Error('gone')), 50));
    });
    expect(await client.call('volume.list', {})).toEqual([]);
  });

  it.each([
    ['?shape=8,8&voxelSize=1,1,1', 400],
    ['?shape=8,8,8', 400],
    ['?shape=0,8,8&voxelSize=1,1,1', 400],
    ['?shape=1e300,8,8&voxelSize=1,1,1', 400],
    ['?shape=8,8,8&voxelSize=1,1,-1', 400],
    ['?shape=8,8,8&voxelSize=1,1,1&color=red', 400],
    ['?shape=8,8,8&shape=8,8,8&voxelSize=1,1,1', 400],
    ['?shape=8,8,8&voxelSize=1,1,1&name=../../etc', 400],
    ['?shape=99999,99999,99999&voxelSize=1,1,1', 413],
  ])('with the query %s are refused', async (bad, status) => {
    const daemon = await testDaemon();
    expect((await put(daemon, bad, voxels)).status).toBe(status);
  });

  it('of map files are looked at before they are taken', async () => {
    const daemon = await testDaemon();
    expect(await put(daemon, '', new Uint8Array(5000), 'application/x-mrc')).toMatchObject({
      kind: expect.stringMatching(/^input\./),
    });
    expect(await put(daemon, '', voxels, 'text/plain')).toEqual({ status: 415, kind: 'input.format' });
    expect(await daemon.client.call('volume.list', {})).toEqual([]);
  });
});

describe('the port', () => {
  it('in use is an error at start, and leaves no lock behind', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await kindOf(testDaemon({ port }))).toContain('EADDRINUSE');
    blocker.close();
  });
});
