import type { IncomingMessage } from 'node:http';
import { LocScaleError, tokenFromSubprotocols } from '@chimerax-like/rpc';
import { pageCookie } from './page.js';
import type { PageSessions } from './page-sessions.js';
import { tokenMatches } from './token.js';

/** Who may talk to this daemon: exact Host values, exact Origin values, one token. */
export interface AccessRules {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  readonly token: string;
  /** Pages that the daemon serves and that have a key of their own. */
  readonly pages: PageSessions;
}

/** Rules for a daemon on `port`; `origins` are pages elsewhere that the user has allowed, byte for byte. */
export function accessRules(port: number, token: string, pages: PageSessions, origins: readonly string[]): AccessRules {
  const hosts = new Set([`127.0.0.1:${port}`, `[::1]:${port}`, `localhost:${port}`]);
  return { hosts, token, pages, origins: new Set([...[...hosts].map((host) => `http://${host}`), ...origins]) };
}

/** Rules for the listener for other machines: it answers to the names of its certificate. */
export function remoteRules(port: number, token: string, pages: PageSessions, names: readonly string[]): AccessRules {
  // 443 is what https means without a port, and then the header has none.
  const hosts = new Set(names.flatMap((name) => (port === 443 ? [name, `${name}:443`] : [`${name}:${port}`])));
  return { hosts, token, pages, origins: new Set([...hosts].map((host) => `https://${host}`)) };
}

/**
 * Refuses what a web page of a stranger could send. Host: a name that was made to point here (DNS rebinding) is not
 * one of ours. Origin: browsers do not keep pages from opening WebSockets to this machine, so the check is here; programs
 * that are no browsers send none. Both by exact comparison, for patterns are where other servers went wrong.
 */
export function assertPlace(request: IncomingMessage, rules: AccessRules): void {
  const hosts = headerValues(request, 'host');
  if (hosts.length !== 1 || !rules.hosts.has(hosts[0] ?? ''))
    throw new LocScaleError(
      'access.denied',
      'The Host header is not an address of this daemon; use the url of daemon.json.',
      { status: 403 },
    );
  const origins = headerValues(request, 'origin');
  if (origins.length > 1 || (origins.length === 1 && !rules.origins.has(origins[0] ?? '')))
    throw new LocScaleError('access.denied', 'The page that sent this request is not allowed to use the daemon.', {
      status: 403,
    });
}

/**
 * Refuses a request without the token, in `Authorization: Bearer` or (browsers' WebSockets) among the subprotocols. In its
 * place a page of the daemon's own may have its key, together with its cookie.
 */
export function assertToken(request: IncomingMessage, rules: AccessRules): void {
  const given = bearer(request) ?? tokenFromSubprotocols(subprotocols(request));
  const known =
    given !== undefined && (tokenMatches(rules.token, given) || rules.pages.accepts(given, pageCookie(request)));
  if (!known)
    throw new LocScaleError(
      'access.denied',
      'The token is missing or wrong; read it from the tokenFile of daemon.json.',
      { status: 401 },
    );
}

function bearer(request: IncomingMessage): string | undefined {
  const values = headerValues(request, 'authorization');
  return values.length === 1 ? /^Bearer (\S+)$/.exec(values[0] ?? '')?.[1] : undefined;
}

function subprotocols(request: IncomingMessage): string[] {
  return headerValues(request, 'sec-websocket-protocol').flatMap((value) =>
    value.split(',').map((entry) => entry.trim()),
  );
}

/** Every value of a header as sent: Node itself keeps only the first of some duplicates. */
function headerValues(request: IncomingMessage, name: string): string[] {
  const { rawHeaders } = request;
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
