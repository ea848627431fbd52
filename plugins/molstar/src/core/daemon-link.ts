import {
  apiVersion,
  type CallArguments,
  keepConnected,
  LocScaleError,
  type MethodName,
  type NotificationName,
  type NotificationParams,
  type Result,
  type RpcClient,
} from '@chimerax-like/rpc';
import { connect } from '../connect.js';
import { readHttpError } from './http-error.js';
import { isAbort } from './problem.js';
import { type ReadonlySignal, Signal } from './signal.js';

/** What the daemon says of itself when a page connects. */
export type Hello = Result<'session.hello'>;

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online'; readonly hello: Hello }
  /** Tried again by itself. */
  | { readonly kind: 'offline'; readonly reason: string }
  /** The daemon does not let this page in; only opening it anew helps. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What drawing needs of a daemon. */
export type SceneLink = Pick<DaemonLink, 'state' | 'hello' | 'call' | 'on' | 'request'>;

export interface LinkOptions {
  /** Base address of the daemon, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The token, asked for at every connection: a daemon that was started again may have another one. */
  readonly token: () => string | Promise<string>;
  /** Name of this page in the daemon's log. */
  readonly client?: string;
}

/**
 * The connection of a page to its daemon: calls, notifications and voxel transfers over one address, connected again by
 * itself when it breaks. Listeners stay through that; whoever shows a list asks for it anew at each `online`.
 */
export class DaemonLink {
  readonly url: string;
  readonly #state = new Signal<LinkState>({ kind: 'connecting' });
  readonly #options: LinkOptions;
  readonly #listeners: ((client: RpcClient) => void)[] = [];
  readonly #end: () => void;
  #client: RpcClient | undefined;
  #token = '';

  constructor(options: LinkOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#options = options;
    this.#end = keepConnected({
      connect: async () => {
        this.#token = await options.token();
        return connect(this.url, this.#token);
      },
      onConnected: (client) => this.#start(client),
      onLost: ({ message }) => this.#lost({ kind: 'offline', reason: message }),
      onRefused: ({ message }) => this.#lost({ kind: 'refused', reason: message }),
    });
  }

  get state(): ReadonlySignal<LinkState> {
    return this.#state;
  }

  /** What the daemon said of itself, once connected. */
  get hello(): Hello | undefined {
    return this.#state.value.kind === 'online' ? this.#state.value.hello : undefined;
  }

  /** Calls a method; fails at once while the daemon is away. */
  async call<N extends MethodName>(method: N, ...args: CallArguments<N>): Promise<Result<N>> {
    if (this.#client === undefined) throw this.#away();
    return this.#client.call(method, ...args);
  }

  /** Listens to a notification, through all connections to come; the returned function stops it. */
  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    let stop = (): void => undefined;
    const attach = (client: RpcClient): void => {
      stop = client.on(name, listener);
    };
    this.#listeners.push(attach);
    if (this.#client !== undefined) attach(this.#client);
    return () => {
      stop();
      this.#listeners.splice(this.#listeners.indexOf(attach), 1);
    };
  }

  /** An HTTP request to the daemon with the token; an answer that is an error is thrown. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', this.authorization);
    let response: Response;
    try {
      response = await fetch(this.url + path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw this.#away();
    }
    if (!response.ok) throw await readHttpError(response);
    return response;
  }

  /** For transfers that `fetch` cannot follow: the header that carries the token. */
  get authorization(): string {
    return `Bearer ${this.#token}`;
  }

  close(): void {
    this.#end();
  }

  async #start(client: RpcClient): Promise<void> {
    const hello = await client.call('session.hello', { client: this.#options.client ?? 'Mol*', api: apiVersion });
    for (const attach of this.#listeners) attach(client);
    this.#client = client;
    this.#state.value = { kind: 'online', hello };
  }

  #lost(state: LinkState): void {
    this.#client = undefined;
    this.#state.value = state;
  }

  #away(): LocScaleError {
    const { value } = this.#state;
    const why = 'reason' in value ? `: ${value.reason}` : '';
    return new LocScaleError('connection.refused', `The daemon is not connected${why}`);
  }
}
