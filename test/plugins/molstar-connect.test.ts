import type { AddressInfo } from 'node:net';
import { connect } from '../../plugins/molstar/dist/connect.js';
import { LocScaleError, selectSubprotocol, tokenFromSubprotocols, type RpcClient } from '@chimerax-like/rpc';
import { WebSocket, WebSocketServer } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/**
 * The pages' WebSocket is that of `ws`, which has the browser's interface; Node 20 has none of its own. Unlike a browser's
 * it throws an error that nobody listens to.
 */
class PageWebSocket extends WebSocket {
  constructor(address: string, protocols: string[]) {
    super(address, protocols);
    this.on('error', () => undefined);
  }
}

const token = 'a'.repeat(64);
const answer = '{"jsonrpc":"2.0","id":1,"result":[]}';

let server: WebSocketServer;
let received: string[];

beforeEach(async () => {
  vi.stubGlobal('WebSocket', PageWebSocket);
  received = [];
  server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: '/rpc',
    handleProtocols: (offered) => selectSubprotocol(offered),
    verifyClient: ({ req }: { readonly req: { readonly headers: NodeJS.Dict<string | string[]> } }) =>
      tokenFromSubprotocols(String(req.headers['sec-websocket-protocol']).split(/, */)) === token,
  });
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(() => {
  vi.unstubAllGlobals();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

const url = (): string => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

/** Connects, with a daemon's end that does `onText` for every message. */
function connected(onText: (socket: WebSocket, text: string) => void): Promise<RpcClient> {
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      received.push(data.toString());
      onText(socket, data.toString());
    });
  });
  return connect(url(), token);
}

describe('a page', () => {
  it('calls the daemon with the token as a subprotocol', async () => {
    const client = await connected((socket) => {
      socket.send(answer);
    });
    expect(await client.call('volume.list')).toEqual([]);
    expect(received).toEqual(['{"jsonrpc":"2.0","id":1,"method":"volume.list","params":{}}']);
    client.close();
  });

  it('hears notifications', async () => {
    const client = await connected((socket) => {
      socket.send('{"jsonrpc":"2.0","method":"job.slab","params":{"job":"job-0000000000000001"}}');
      socket.send(answer);
    });
    const heard: unknown[] = [];
    client.on('job.slab', (params) => heard.push(params));
    await client.call('volume.list');
    expect(heard).toEqual([{ job: 'job-0000000000000001' }]);
    client.close();
  });

  it('is told in one sentence when the token is wrong', async () => {
    await expect(connect(url(), 'b'.repeat(64))).rejects.toMatchObject({ kind: 'connection.refused' });
  });

  it('has its open calls rejected when the daemon goes away', async () => {
    const client = await connected((socket) => {
      socket.terminate();
    });
    await expect(client.call('volume.list')).rejects.toBeInstanceOf(LocScaleError);
    expect((await client.closed).kind).toBe('connection.closed');
  });

  it('ends a connection that sends binary frames', async () => {
    const client = await connected((socket) => {
      socket.send(Buffer.from([1, 2, 3]));
    });
    await expect(client.call('volume.list')).rejects.toMatchObject({ kind: 'connection.closed' });
  });
});
