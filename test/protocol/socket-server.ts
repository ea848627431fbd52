import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  defaultLimits,
  selectSubprotocol,
  tokenFromSubprotocols,
  type InternalErrorReport,
  type TextServer,
} from '@chimerax-like/rpc';
import { attachSocket, type AttachOptions, type SocketConnection } from '@chimerax-like/rpc/ws';
import { WebSocketServer } from 'ws';
import { apiServer } from './api-server.js';
import { DemoContext, demoServer } from './demo-server.js';

export interface Running {
  readonly url: string;
  readonly connections: readonly SocketConnection[];
  readonly contexts: readonly DemoContext[];
  readonly defects: readonly InternalErrorReport[];
  readonly ended: () => number;
  readonly stop: () => Promise<void>;
}

export const token = 'c0ffee'.repeat(10);

/** A WebSocket server on a free port of the loopback address, with the demo methods or the daemon's, behind a token. */
export async function listen(methods: 'demo' | 'api', options: AttachOptions = {}): Promise<Running> {
  const defects: InternalErrorReport[] = [];
  const log = (report: InternalErrorReport): void => void defects.push(report);
  const core: TextServer<DemoContext> = methods === 'demo' ? demoServer(log, {}) : apiServer(log, {});
  const connections: SocketConnection[] = [];
  const contexts: DemoContext[] = [];
  let ended = 0;
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    path: '/rpc',
    maxPayload: defaultLimits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: selectSubprotocol,
    verifyClient: ({ req }: { readonly req: IncomingMessage }) => {
      const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((entry) => entry.trim());
      return req.headers.authorization === `Bearer ${token}` || tokenFromSubprotocols(offered) === token;
    },
  });
  server.on('connection', (socket) => {
    const context = new DemoContext();
    contexts.push(context);
    connections.push(attachSocket(socket, core, context, { ...options, onEnd: () => ended++ }));
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    contexts,
    defects,
    ended: () => ended,
    stop: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
}
