import type { RpcClient } from './client.js';
import { LocScaleError } from './errors.js';

export interface KeepConnectedOptions {
  /** Makes one connection; a page asks for its key here, so that one is never sent to another program at the old port. */
  readonly connect: () => Promise<RpcClient>;
  /**
   * A connection is there, the first or another one: say hello, attach, take over scene and jobs. The daemon may be another
   * process by now. When it throws, the connection counts as failed.
   */
  readonly onConnected: (client: RpcClient) => void | Promise<void>;
  /** A connection ended, or could not be made; called once until there is one again. */
  readonly onLost?: (reason: LocScaleError) => void;
  /** Waiting helps no more: access was refused. Nothing is tried after it. */
  readonly onRefused?: (reason: LocScaleError) => void;
  /** Pauses between tries, ms; the last one is repeated. */
  readonly pausesMs?: readonly number[];
}

const defaultPausesMs = [250, 500, 1000, 2000, 5000];

/**
 * Connects, and connects again whenever the connection is lost, until the returned function is called. Jobs outlive a lost
 * connection and are found by their ids, those of a daemon that was killed as `interrupted`.
 */
export function keepConnected(options: KeepConnectedOptions): () => void {
  const { connect, onConnected, onLost, onRefused, pausesMs = defaultPausesMs } = options;
  let stopped = false;
  let current: RpcClient | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let lost = false;

  const attempt = async (): Promise<void> => {
    let reason: LocScaleError;
    try {
      const client = await connect();
      if (stopped) return client.close();
      current = client;
      await onConnected(client);
      tries = 0;
      lost = false;
      reason = await client.closed;
    } catch (error) {
      current?.close();
      reason = asError(error);
    }
    if (stopped) return;
    current = undefined;
    if (reason.kind === 'access.denied') {
      stopped = true;
      onRefused?.(reason);
      return;
    }
    if (!lost) onLost?.(reason);
    lost = true;
    timer = setTimeout(() => void attempt(), pausesMs[Math.min(tries++, pausesMs.length - 1)] ?? 0);
  };
  void attempt();
  return () => {
    stopped = true;
    clearTimeout(timer);
    current?.close();
  };
}

function asError(error: unknown): LocScaleError {
  if (error instanceof LocScaleError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new LocScaleError(
    'connection.refused',
    `The connection failed (${text}); it is tried again.`,
    {},
    { cause: error },
  );
}
