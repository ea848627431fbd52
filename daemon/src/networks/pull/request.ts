import { LocScaleError } from '@chimerax-like/rpc';
import { pageOf, type Published } from './published.js';

/** Silence after which a connection counts as lost, ms. */
export const patienceMs = 60_000;
const mostRedirects = 3;

/** A failure that another attempt may not have: the host was not reached, or the connection broke. */
export class ConnectionLost extends Error {}

/** GET, from the pinned host alone: a redirect to any other is refused. */
export async function get(
  source: Published,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(path, source.origin);
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await fetch(url, { headers, signal, redirect: 'manual' }).catch((error: unknown) => {
      throw new ConnectionLost(reasonOf(error), { cause: error });
    });
    if (response.status < 300 || response.status >= 400) return response;
    await response.body?.cancel();
    url = new URL(response.headers.get('location') ?? '', url);
    if (url.origin !== source.origin)
      throw new LocScaleError(
        'input.format',
        `${pageOf(source)} leads to ${url.host}, and only ${new URL(source.origin).host} is trusted; fetch ${source.file} in a browser.`,
      );
  }
  throw new LocScaleError('input.format', `${pageOf(source)} leads in circles; fetch ${source.file} in a browser.`);
}

/** What the system says of a failed connection: `ENOTFOUND`, `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
