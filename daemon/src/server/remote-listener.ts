import { type AccessRules, remoteRules } from './access.js';
import { createHttpsServer, type HttpParts } from './http.js';
import { listenAt } from './listen.js';
import type { PageSessions } from './page-sessions.js';
import type { Sockets } from './sockets.js';
import type { Identity, RemoteOptions } from './tls.js';

/** The door for other machines. */
export interface RemoteListener {
  /** `https://NAME:PORT`, by the first name of the certificate. */
  readonly url: string;
  readonly stopListening: () => void;
  readonly hangUp: () => void;
}

export interface RemoteParts {
  readonly http: Omit<HttpParts, 'rules'>;
  readonly sockets: Sockets;
  readonly token: string;
  readonly pages: PageSessions;
}

/** Listens for other machines, over TLS alone. */
export async function listenRemote(
  { host, port }: RemoteOptions,
  identity: Identity,
  { http, sockets, token, pages }: RemoteParts,
): Promise<RemoteListener> {
  // The rules name the port, which is known only once the server listens.
  let rules: AccessRules = remoteRules(0, token, pages, []);
  const server = createHttpsServer({ ...http, rules: () => rules }, identity);
  sockets.serve(server, 'remote', () => rules);
  const actual = await listenAt(server, host, port);
  rules = remoteRules(actual, token, pages, identity.names);
  return {
    url: `https://${identity.names[0] ?? host}:${actual}`,
    stopListening: () => void server.close(),
    hangUp: () => server.closeAllConnections(),
  };
}
