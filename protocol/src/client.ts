import { fromWireError } from './envelope/index.js';
import { LocScaleError } from './errors.js';
import { readServerText, type ServerMessage } from './server-message.js';
import type { CloseReason, Transport } from './transport.js';
import type { MethodName, NotificationName, NotificationParams, ParamsInput, Result } from './typed.js';

export interface CallOptions {
  /** How long to wait for the answer, in ms; 0 waits for ever. */
  readonly timeoutMs?: number;
}

/** True where `{}` would do; `z.strictObject({})` reads as an index signature, which `Partial` does not see. */
type AllOptional<T> = string extends keyof T ? true : Partial<T> extends T ? true : false;

/** Arguments after the method's name: `params` may be left out where `{}` would do. */
export type CallArguments<N extends MethodName> =
  AllOptional<ParamsInput<N>> extends true
    ? [params?: ParamsInput<N>, options?: CallOptions]
    : [params: ParamsInput<N>, options?: CallOptions];

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: LocScaleError) => void;
}

type Listener = (params: unknown) => void;

/**
 * A typed client over any transport. Errors of the daemon come back as LocScaleError with their kind; a connection that
 * ends rejects every unanswered call with `connection.closed`.
 */
export class RpcClient {
  /** Resolves once the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<LocScaleError>;

  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #lastId = 0;
  #ended: LocScaleError | undefined;
  #announceEnd: (reason: LocScaleError) => void = () => undefined;

  constructor(transport: Transport, options: CallOptions = {}) {
    this.#transport = transport;
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.closed = new Promise((resolve) => {
      this.#announceEnd = resolve;
    });
    transport.onMessage((text) => this.#receive(text));
    transport.onClose((reason) => this.#end(closedBy(reason)));
  }

  /** Calls a method of the daemon by its name. */
  async call<N extends MethodName>(method: N, ...[params, options]: CallArguments<N>): Promise<Result<N>> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = ++this.#lastId;
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params: params ?? {} });
    const answer = this.#expect(id, method, options?.timeoutMs ?? this.#timeoutMs);
    this.#transport.send(text);
    // A daemon of the same major version answers by the descriptor; a newer minor one may add members, so no strict check.
    return (await answer) as Result<N>;
  }

  /** Listens to a notification; the returned function stops it. */
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, listeners);
    // A closure of its own for every call, so that the same function may listen twice and stop once.
    const entry: Listener = (params) => listener(params as NotificationParams<N>);
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
    };
  }

  /** Ends the connection; unanswered calls are rejected. */
  close(): void {
    this.#end(new LocScaleError('connection.closed', 'The client closed the connection; connect again to go on.'));
  }

  #expect(id: number, method: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (timeoutMs === 0) {
        this.#pending.set(id, { resolve, reject });
        return;
      }
      const timer = setTimeout(() => this.#take(id)?.reject(timedOut(method, timeoutMs)), timeoutMs);
      this.#pending.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  #receive(text: string): void {
    for (const message of readServerText(text)) this.#handle(message);
  }

  #handle(message: ServerMessage): void {
    switch (message.kind) {
      case 'notification':
        for (const listener of [...(this.#listeners.get(message.method) ?? [])]) deliver(listener, message.params);
        return;
      case 'result':
        this.#take(message.id)?.resolve(message.result);
        return;
      case 'error':
        // Without an id it belongs to a message of ours that the daemon could not read: which one is unknown, so all fail.
        if (message.id === null) this.#end(fromWireError(message.error));
        else this.#take(message.id)?.reject(fromWireError(message.error));
        return;
      case 'unreadable':
        this.#end(
          new LocScaleError(
            'rpc.parse',
            `The daemon sent ${message.what}; check that the address is a LocScale daemon's.`,
          ),
        );
    }
  }

  /** A late answer to a call that timed out finds nothing here and is ignored. */
  #take(id: unknown): Pending | undefined {
    if (typeof id !== 'number') return undefined;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #end(reason: LocScaleError): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#transport.close();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
    this.#announceEnd(reason);
  }
}

/** A listener that throws neither stops the others nor goes unseen: its error surfaces as an uncaught one. */
function deliver(listener: Listener, params: unknown): void {
  try {
    listener(params);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function closedBy(reason: CloseReason): LocScaleError {
  const code = reason.code === undefined ? '' : ` (code ${reason.code})`;
  const why = reason.reason === '' ? '' : `: ${reason.reason}`;
  return new LocScaleError(
    'connection.closed',
    `The connection to the daemon ended${code}${why}; connect again to go on.`,
    {
      ...reason,
    },
  );
}

function timedOut(method: string, timeoutMs: number): LocScaleError {
  return new LocScaleError(
    'connection.timeout',
    `No answer to ${method} within ${timeoutMs / 1000} s; the daemon is busy or stopped, see locscale daemon status.`,
    { timeoutMs },
  );
}
