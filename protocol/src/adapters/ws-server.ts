import { WebSocket } from 'ws';
import { defaultLimits, type Limits } from '../limits.js';
import { Outbox } from '../outbox.js';
import type { TextServer } from '../transport.js';
import type { DeepReadonly, NotificationName, NotificationParams } from '../typed.js';
import { textOf } from './ws-text.js';

export interface AttachOptions {
  readonly limits?: Partial<Pick<Limits, 'sendHighWaterBytes' | 'sendOverflowBytes'>>;
  /** Time between pings, in ms; a peer that let a whole one pass unanswered is gone. */
  readonly heartbeatMs?: number;
  /** Called once, when the socket has ended. */
  readonly onEnd?: () => void;
}

/** The server's end of one socket. */
export interface SocketConnection {
  /** Sends a notification; those marked `latestOf` are thinned out while the reader is slow. */
  notify<N extends NotificationName>(name: N, params: DeepReadonly<NotificationParams<N>>): void;
  close(code: number, reason: string): void;
}

/**
 * Serves one open WebSocket with a server core. The WebSocketServer itself must be made with
 * `maxPayload: limits.messageBytes` and `perMessageDeflate: false`; `ws` then closes oversize frames with 1009 and
 * invalid UTF-8 with 1007.
 */
export function attachSocket<C extends object>(
  socket: WebSocket,
  server: TextServer<C>,
  context: C,
  options: AttachOptions = {},
): SocketConnection {
  const outbox = new Outbox(
    {
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
      send: (text, sent) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text, sent);
      },
      // Closing politely would wait for a reader that does not read.
      overflow: () => socket.terminate(),
    },
    { ...defaultLimits, ...options.limits },
  );

  socket.on('message', (data, isBinary) => {
    // What comes after we began to close is not run: nobody could be told how it went.
    if (socket.readyState !== WebSocket.OPEN) return;
    if (isBinary) {
      socket.close(1003, 'text frames only; voxels travel by HTTP');
      return;
    }
    server.handleText(textOf(data), context).then(
      (reply) => {
        if (reply !== undefined) outbox.sendText(reply);
      },
      () => socket.close(1011, 'internal error'),
    );
  });

  const stopHeartbeat = heartbeat(socket, options.heartbeatMs ?? 30_000);
  // ws closes the socket after a protocol error; without a listener the error would end the process.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    stopHeartbeat();
    options.onEnd?.();
  });

  return {
    notify: (name, params) => outbox.notify(name, params),
    close: (code, reason) => socket.close(code, reason),
  };
}

function heartbeat(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
