import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { httpErrorBody, type Limits, LocScaleError, type RpcServer, selectSubprotocol } from '@chimerax-like/rpc';
import { attachSocket, type SocketConnection } from '@chimerax-like/rpc/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { JobEvent, Log } from '../jobs/index.js';
import type { ViewerEvent, ViewerPeer } from '../viewers/index.js';
import { type AccessRules, assertPlace, assertToken } from './access.js';
import { asUserError, statusOf } from './answer.js';
import type { EmdbProgress } from './emdb-entries.js';

/** What the daemon knows of one connection. */
export interface Peer extends ViewerPeer {
  readonly since: string;
}

export interface SocketParts {
  readonly rpc: RpcServer<Peer>;
  readonly limits: Limits;
  readonly log: Log;
  /** A connection has ended. */
  readonly onLeave: (peer: Peer) => void;
}

/** Pings of one socket within a second; each costs an answer. */
const mostPingsPerSecond = 20;

/** The WebSockets at `/rpc`: checks before the handshake ends, a bounded number, events to all of them. */
export class Sockets {
  readonly #server: WebSocketServer;
  readonly #connections = new Set<SocketConnection>();
  readonly #parts: SocketParts;
  #stopping = false;

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: parts.limits.messageBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => selectSubprotocol(offered),
    });
  }

  /** Takes the WebSockets of a server. */
  serve(server: Server | TlsServer, reach: Peer['reach'], rules: () => AccessRules): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head, reach, rules()),
    );
  }

  get size(): number {
    return this.#connections.size;
  }

  publish(event: JobEvent): void {
    for (const connection of this.#connections) {
      switch (event.kind) {
        case 'changed':
          connection.notify('job.changed', { sequence: event.sequence, job: event.job });
          break;
        case 'progress':
          connection.notify('job.progress', { job: event.job, progress: event.progress });
          break;
        case 'slab':
          connection.notify('job.slab', {
            job: event.job,
            output: event.output,
            volume: event.volume,
            sections: event.sections,
          });
          break;
        case 'block':
          connection.notify('job.block', {
            job: event.job,
            output: event.output,
            volume: event.volume,
            region: event.region,
          });
          break;
      }
    }
  }

  publishScene({ revision, viewer, maps, removed, viewers }: ViewerEvent): void {
    for (const connection of this.#connections)
      connection.notify('viewer.changed', { revision, viewer, maps, removed, viewers });
  }

  publishEmdb(progress: EmdbProgress): void {
    for (const connection of this.#connections) connection.notify('emdb.progress', progress);
  }

  /** Says goodbye to everybody; those that do not answer are cut off. */
  async close(): Promise<void> {
    this.#stopping = true;
    for (const connection of this.#connections) connection.close(1001, 'the daemon is shutting down');
    const timer = setTimeout(() => this.#server.clients.forEach((client) => client.terminate()), 500);
    await Promise.all(
      [...this.#server.clients].map((client) => new Promise((resolve) => client.once('close', resolve))),
    );
    clearTimeout(timer);
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, reach: Peer['reach'], rules: AccessRules): void {
    socket.on('error', () => socket.destroy());
    try {
      this.#check(request, rules);
    } catch (error) {
      refuse(socket, asUserError(error, this.#parts.log));
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#attach(client, reach));
  }

  #check(request: IncomingMessage, rules: AccessRules): void {
    assertPlace(request, rules);
    if (request.url !== '/rpc')
      throw new LocScaleError('rpc.unknown-method', 'Nothing is at this address; the WebSocket is at /rpc.');
    assertToken(request, rules);
    const { sockets } = this.#parts.limits;
    if (this.#stopping) throw new LocScaleError('daemon.stopping', 'The daemon is shutting down.');
    // Sockets that are closing still count in `clients`, so a flood of connects cannot slip past the limit.
    if (this.#server.clients.size >= sockets)
      throw new LocScaleError(
        'limit.busy',
        `${sockets} clients are connected, the most allowed; close one and try again.`,
      );
  }

  #attach(client: WebSocket, reach: Peer['reach']): void {
    const { rpc, limits, log, onLeave } = this.#parts;
    const peer: Peer = { since: new Date().toISOString(), reach, viewer: null };
    const onEnd = (): void => {
      this.#connections.delete(connection);
      onLeave(peer);
    };
    const connection = attachSocket(client, rpc, peer, { limits, onEnd });
    this.#connections.add(connection);
    limitPings(client, log);
  }
}

function limitPings(client: WebSocket, log: Log): void {
  let pings = 0;
  let since = 0;
  client.on('ping', () => {
    const now = performance.now();
    if (now - since > 1000) [pings, since] = [0, now];
    if (++pings <= mostPingsPerSecond) return;
    log('warn', 'socket.ping-flood');
    client.terminate();
  });
}

function refuse(socket: Duplex, error: LocScaleError): void {
  const status = statusOf(error);
  const body = JSON.stringify(httpErrorBody(error));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
