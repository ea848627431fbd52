import type { MethodDescriptor } from './descriptor.js';
import { Envelope, type EnvelopeOptions, type OnInternalError, type RawMethod } from './envelope/index.js';
import { describeIssues } from './issues.js';
import { methods } from './methods/index.js';
import { openRpcDocument } from './openrpc.js';
import { readParams } from './params.js';
import type { TextServer } from './transport.js';
import type { Handlers } from './typed.js';

export interface RpcServerOptions<C extends object> {
  readonly handlers: Handlers<C>;
  /** Called with every error that has no kind; the place for the log. */
  readonly onInternalError: OnInternalError;
  readonly limits?: NonNullable<EnvelopeOptions<C>['limits']>;
  /** Tests set this: a result that its schema refuses is a defect (-32603). */
  readonly checkResults?: boolean;
}

/**
 * The server core: text in, text out, for any number of connections. `C` is one object per connection; it is handed
 * to the handlers and it is what "calls in flight" are counted by.
 */
export class RpcServer<C extends object> implements TextServer<C> {
  readonly #envelope: Envelope<C>;

  constructor(options: RpcServerOptions<C>) {
    const table = new Map<string, RawMethod<C>>();
    for (const descriptor of methods) table.set(descriptor.name, bind(descriptor, options));
    const { limits, onInternalError } = options;
    this.#envelope = new Envelope({ methods: table, onInternalError, ...(limits === undefined ? {} : { limits }) });
  }

  /** Answers one text message of the connection; undefined when nothing is to be sent back. */
  handleText(text: string, context: C): Promise<string | undefined> {
    return this.#envelope.handleText(text, context);
  }
}

export function createRpcServer<C extends object>(options: RpcServerOptions<C>): RpcServer<C> {
  return new RpcServer(options);
}

function bind<C extends object>(descriptor: MethodDescriptor, options: RpcServerOptions<C>): RawMethod<C> {
  if (descriptor.name === 'rpc.discover') {
    return (params) => {
      readParams(descriptor, params);
      return openRpcDocument();
    };
  }
  // One cast from the typed table to its erased form: the pairing of schema and handler is what `Handlers` guarantees.
  const handler = (options.handlers as Readonly<Record<string, unknown>>)[descriptor.name];
  if (typeof handler !== 'function') {
    throw new TypeError(`No handler for ${descriptor.name}; every method descriptor needs one.`);
  }
  const run = handler as RawMethod<C>;
  return async (params, context) => {
    const result = await run(readParams(descriptor, params), context);
    if (options.checkResults === true) assertResult(descriptor, result);
    return result;
  };
}

function assertResult(descriptor: MethodDescriptor, result: unknown): void {
  const checked = descriptor.result.safeParse(result, { reportInput: true });
  if (!checked.success) {
    throw new TypeError(
      `Result of ${descriptor.name}: ${describeIssues(checked.error)
        .map((i) => i.message)
        .join('; ')}`,
    );
  }
}
