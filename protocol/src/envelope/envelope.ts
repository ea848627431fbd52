import { JSONRPCServer, type JSONRPCErrorResponse, type JSONRPCRequest, type JSONRPCResponse } from 'json-rpc-2.0';
import { LocScaleError } from '../errors.js';
import { defaultLimits, type Limits } from '../limits.js';
import type { TextServer } from '../transport.js';
import { CallsInFlight, duplicateId } from './calls-in-flight.js';
import { withoutInternals, type OnInternalError } from './internal-error.js';
import { parseText, type Incoming } from './parse.js';
import { quote } from './text.js';
import { errorResponse, toWireError } from './wire-error.js';

/** A method before schemas: gets `params` as they came (object, array or undefined). */
export type RawMethod<C> = (params: unknown, context: C) => unknown;

export interface EnvelopeOptions<C> {
  readonly methods: ReadonlyMap<string, RawMethod<C>>;
  readonly onInternalError: OnInternalError;
  readonly limits?: Partial<Pick<Limits, 'messageBytes' | 'messageDepth' | 'batchLength' | 'callsInFlight'>>;
}

/**
 * Everything of JSON-RPC 2.0 that stands between a text frame and a method: only valid single requests reach the
 * library's `receive`, which by itself loses the array of a one-element batch, echoes ids of any type and shows raw messages.
 */
export class Envelope<C extends object> implements TextServer<C> {
  readonly #server: JSONRPCServer<C>;
  readonly #limits: Limits;
  readonly #onInternalError: OnInternalError;
  /** Per connection, for as long as its context lives. */
  readonly #inFlight = new WeakMap<C, CallsInFlight>();

  constructor(options: EnvelopeOptions<C>) {
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#onInternalError = options.onInternalError;
    // Errors are reported by withoutInternals with their correlation id; the library's own listener would print to the console.
    this.#server = new JSONRPCServer<C>({ errorListener: () => undefined });
    this.#server.mapErrorToJSONRPCErrorResponse = (id, error): JSONRPCErrorResponse => ({
      jsonrpc: '2.0',
      id,
      error: { ...toWireError(withoutInternals(error, 'unknown', this.#onInternalError)) },
    });
    this.#server.handleMethodNotFound = (request): Promise<JSONRPCResponse | null> =>
      request.id === undefined ? Promise.resolve(null) : Promise.reject(unknownMethod(request.method));
    for (const [name, run] of options.methods) this.#server.addMethod(name, this.#guard(name, run));
  }

  /** Answers one text frame. Resolves to undefined when nothing is to be sent; never rejects. */
  async handleText(text: string, context: C): Promise<string | undefined> {
    const parsed = parseText(text, this.#limits);
    switch (parsed.kind) {
      case 'refused':
        return JSON.stringify(errorResponse(null, parsed.error));
      case 'single':
        return this.#answer(parsed.message, context);
      case 'batch': {
        // All start before any is awaited: a batch may hold a call and the cancel that ends it.
        const answers = await Promise.all(parsed.messages.map((message) => this.#answer(message, context)));
        const sent = answers.filter((answer) => answer !== undefined);
        return sent.length === 0 ? undefined : `[${sent.join(',')}]`;
      }
    }
  }

  async #answer(message: Incoming, context: C): Promise<string | undefined> {
    if (message.kind === 'invalid') return JSON.stringify(errorResponse(message.id, message.error));
    const inFlight = this.#callsOf(context);
    const id = message.kind === 'call' ? message.id : undefined;
    if (inFlight.has(id)) return JSON.stringify(errorResponse(null, duplicateId(id ?? null)));
    if (inFlight.full) return id === undefined ? undefined : JSON.stringify(errorResponse(id, inFlight.busy()));
    const leave = inFlight.enter(id);
    try {
      const response = await this.#server.receive(toRequest(message), context);
      return response === null || id === undefined ? undefined : JSON.stringify(response);
    } catch (error) {
      // The library rejected, or a result cannot be written as JSON (a cycle, a bigint).
      const shown = withoutInternals(error, message.method, this.#onInternalError);
      return id === undefined ? undefined : JSON.stringify(errorResponse(id, shown));
    } finally {
      leave();
    }
  }

  #callsOf(context: C): CallsInFlight {
    let calls = this.#inFlight.get(context);
    if (calls === undefined) {
      calls = new CallsInFlight(this.#limits.callsInFlight);
      this.#inFlight.set(context, calls);
    }
    return calls;
  }

  #guard(name: string, run: RawMethod<C>): RawMethod<C> {
    return async (params, context) => {
      try {
        return await run(params, context);
      } catch (error) {
        throw withoutInternals(error, name, this.#onInternalError);
      }
    };
  }
}

function toRequest(message: Exclude<Incoming, { kind: 'invalid' }>): JSONRPCRequest {
  return {
    jsonrpc: '2.0',
    method: message.method,
    ...(message.params === undefined ? {} : { params: message.params }),
    ...(message.kind === 'call' ? { id: message.id } : {}),
  };
}

function unknownMethod(name: string): LocScaleError {
  return new LocScaleError(
    'rpc.unknown-method',
    `Method not found: there is no method ${quote(name)}; rpc.discover lists all of them.`,
  );
}
