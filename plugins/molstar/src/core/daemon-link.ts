import { apiVersion, LocScaleError, type MethodName, type NotificationName, type RpcClient } from '@chimerax-like/rpc';
import type { CallArguments, NotificationParams, Result } from '@chimerax-like/rpc';
import { connect } from '../connect.js';
import { readHttpError } from './http-error.js';
import { sentence } from './problem.js';
import { type ReadonlySignal, Signal } from './signal.js';

/** What the daemon says of itself when a page connects. */
export type Hello = Result<'session.hello'>;

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online'; readonly hello: Hello }
  | { readonly kind: 'offline'; readonly reason: string };

export interface LinkOptions {
  /** Base address of the daemon, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The token, asked for at every connection: a daemon that was started again has another one. */
  readonly token: () => string | Promise<string>;
  /** Name of this page in the daemon's log. */
  readonly client?: string;
}

/** Pauses between attempts to connect again, ms; the last one repeats. */
const pauses = [300, 600, 1200, 2500, 5000];

/**
 * The connection of a page to its daemon: calls, notifications and voxel transfers over one address, connected again by
 * itself when it breaks. Listeners stay through that; whoever shows a list asks for it anew at each `online`.
 */
export class DaemonLink {
  readonly url: string;
  readonly #state = new Signal<LinkState>({ kind: 'connecting' });
  readonly #options: LinkOptions;
  readonly #listeners: ((client: RpcClient) => void)[] = [];
  #client: RpcClient | undefined;
  #token = '';
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(options: LinkOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#options = options;
    void this.#stayConnected();
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
    const entry = (client: RpcClient): void => {
      stop = client.on(name, listener);
    };
    this.#listeners.push(entry);
    if (this.#client !== undefined) entry(this.#client);
    return () => {
      stop();
      this.#listeners.splice(this.#listeners.indexOf(entry), 1);
    };
  }

  /** An HTTP request to the daemon with the token; an answer that is an error is thrown. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${this.#token}`);
    let response: Response;
    try {
      response = await fetch(this.url + path, { ...init, headers, cache: 'no-store' });
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') throw error;
      throw this.#away();
    }
    if (!response.ok) throw await readHttpError(response);
    return response;
  }

  /** For transfers that `fetch` cannot follow: the header that carries the token. */
  get authorization(): string {
    return `Bearer ${this.#token}`;
  }

  /** Tries to connect now instead of after the pause. */
  retry(): void {
    this.#wake();
  }

  close(): void {
    this.#ended = true;
    this.#client?.close();
    this.#wake();
  }

  #away(): LocScaleError {
    const { value } = this.#state;
    const why = value.kind === 'offline' ? ` (${value.reason})` : '';
    return new LocScaleError(
      'connection.refused',
      `The daemon does not answer${why}; start it with locscale view, the page then connects by itself.`,
    );
  }

  async #stayConnected(): Promise<void> {
    for (let attempt = 0; !this.#ended;) {
      try {
        const client = await this.#connectOnce();
        attempt = 0;
        const reason = await client.closed;
        this.#client = undefined;
        this.#state.value = { kind: 'offline', reason: reason.message };
      } catch (error) {
        this.#state.value = { kind: 'offline', reason: sentence(error) };
      }
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- close() may have come while we waited
      if (!this.#ended) await this.#pause(pauses[Math.min(attempt++, pauses.length - 1)] ?? 0);
    }
  }

  async #connectOnce(): Promise<RpcClient> {
    this.#token = await this.#options.token();
    const client = await connect(this.url, this.#token);
    const hello = await client.call('session.hello', { client: this.#options.client ?? 'Mol*', api: apiVersion });
    for (const attach of this.#listeners) attach(client);
    this.#client = client;
    this.#state.value = { kind: 'online', hello };
    return client;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
