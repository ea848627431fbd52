import { WebSocket } from 'ws';
import { RpcClient, type CallOptions } from '../client.js';
import { webSocketUrl } from '../connecting.js';
import { LocScaleError } from '../errors.js';
import type { CloseReason, Transport } from '../transport.js';
import { textOf } from './ws-text.js';

export interface ConnectOptions extends CallOptions {
  /** Content of the token file; goes into the `Authorization` header and nowhere else. */
  readonly token: string;
  /** How long the handshake may take, in ms. */
  readonly handshakeTimeoutMs?: number;
}

/** Answers can be longer than requests (job.list of a thousand jobs); this only stops a peer that is no daemon. */
const largestAnswerBytes = 64 * 1024 * 1024;

/** Connects to a daemon by the `url` of its connection file and returns a typed client. */
export async function connect(url: string, options: ConnectOptions): Promise<RpcClient> {
  return new RpcClient(await connectTransport(url, options), options);
}

/** The connection alone, for callers that bring their own client. */
export function connectTransport(url: string, options: ConnectOptions): Promise<Transport> {
  const address = webSocketUrl(url);
  return new Promise((resolve, reject) => {
    const socket = openSocket(address, options);
    socket.once('open', () => resolve(wrap(socket)));
    socket.once('unexpected-response', (request, response) => {
      response.resume();
      request.destroy();
      reject(refused(address, response.statusCode ?? 0));
    });
    socket.once('error', (error) => reject(unreachable(address, error)));
  });
}

/** Throws at once for an address that is none. */
function openSocket(address: string, options: ConnectOptions): WebSocket {
  try {
    return new WebSocket(address, {
      headers: { authorization: `Bearer ${options.token.trim()}` },
      handshakeTimeout: options.handshakeTimeoutMs ?? 10_000,
      maxPayload: largestAnswerBytes,
      perMessageDeflate: false,
      followRedirects: false,
    });
  } catch (error) {
    throw unreachable(address, error);
  }
}

function wrap(socket: WebSocket): Transport {
  let ended: CloseReason | undefined;
  let onClose: ((reason: CloseReason) => void) | undefined;
  let onMessage: ((text: string) => void) | undefined;
  const early: string[] = [];

  // ws reports a broken stream as an error and then closes; the close event carries what the client needs.
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => {
    ended = { code, reason: reason.toString('utf8') };
    onClose?.(ended);
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'text frames only');
    else if (onMessage === undefined) early.push(textOf(data));
    else onMessage(textOf(data));
  });
  return {
    send: (text) => {
      // A send after the end is answered by onClose, which rejects the call.
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    onMessage: (listener) => {
      onMessage = listener;
      for (const text of early.splice(0)) listener(text);
    },
    onClose: (listener) => {
      onClose = listener;
      if (ended !== undefined) listener(ended);
    },
    close: () => socket.close(1000),
  };
}

function refused(address: string, status: number): LocScaleError {
  if (status === 401 || status === 403) {
    return new LocScaleError(
      'access.denied',
      `The daemon at ${address} refused the token or the origin (HTTP ${status}); read the token file again and reconnect.`,
      { status },
    );
  }
  const kind = status === 429 || status === 503 ? 'limit.busy' : 'connection.refused';
  return new LocScaleError(
    kind,
    `${address} answered HTTP ${status} where a WebSocket was expected; check the address in daemon.json.`,
    { status },
  );
}

function unreachable(address: string, cause: unknown): LocScaleError {
  const why = cause instanceof Error ? cause.message || cause.name : 'no reason given';
  return new LocScaleError(
    'connection.refused',
    `No daemon answers at ${address} (${why}); start it with locscale daemon start.`,
    {},
    { cause },
  );
}
