import { defaultLimits } from '../limits.js';
import { Outbox } from '../outbox.js';
import type { CloseReason, TextServer, Transport } from '../transport.js';
import type { DeepReadonly, NotificationName, NotificationParams } from '../typed.js';

/** The server's end of an in-memory connection. */
export interface MemoryConnection {
  notify<N extends NotificationName>(name: N, params: DeepReadonly<NotificationParams<N>>): void;
  close(reason?: CloseReason): void;
}

/**
 * Connects a client to a server core without a socket, for tests and for callers in the same process. Texts cross as
 * texts, one microtask later, so that nothing works here that a wire would not carry.
 */
export function memoryPair<C extends object>(
  server: TextServer<C>,
  context: C,
): { readonly transport: Transport; readonly connection: MemoryConnection } {
  let open = true;
  let onMessage: (text: string) => void = () => undefined;
  let onClose: ((reason: CloseReason) => void) | undefined;
  let ended: CloseReason | undefined;

  const end = (reason: CloseReason): void => {
    if (!open) return;
    open = false;
    ended = reason;
    onClose?.(reason);
  };
  const toClient = (text: string): void => {
    queueMicrotask(() => {
      if (open) onMessage(text);
    });
  };
  const outbox = new Outbox(
    { bufferedBytes: 0, send: (text) => toClient(text), overflow: () => end({ reason: 'too slow' }) },
    defaultLimits,
  );
  const answer = async (text: string): Promise<void> => {
    const reply = await server.handleText(text, context);
    if (reply !== undefined) outbox.sendText(reply);
  };

  return {
    transport: {
      send: (text) => {
        if (open) queueMicrotask(() => void answer(text));
      },
      onMessage: (listener) => {
        onMessage = listener;
      },
      onClose: (listener) => {
        onClose = listener;
        if (ended !== undefined) listener(ended);
      },
      close: () => end({ reason: 'closed by the client' }),
    },
    connection: {
      notify: (name, params) => outbox.notify(name, params),
      close: (reason) => end(reason ?? { reason: 'closed by the server' }),
    },
  };
}
