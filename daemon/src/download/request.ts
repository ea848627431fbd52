import { LocScaleError } from '@chimerax-like/rpc';

/** Silence after which a connection counts as lost, ms. */
export const patienceMs = 60_000;
const mostRedirects = 3;

/** A failure that another attempt may not have: the host was not reached, or the connection broke. */
export class ConnectionLost extends Error {}

/** Where something is published: the one host that is asked, and what a person opens in a browser instead. */
export interface Place {
  readonly origin: string;
  /** Address of a page or folder that shows the file. */
  readonly page: string;
  /** Name of the file. */
  readonly file: string;
}

export interface Request {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Aborted when the host is silent for too long, or by the signal. */
export const patient = (signal?: AbortSignal): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal === undefined ? [] : [signal])]);

/** The promise, or the reason of the signal: of a fetch that is aborted when its answer begins, Node 20 may settle nothing, ever. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A request to the pinned host alone: a redirect to any other is refused. */
export async function ask(place: Place, path: string, { method = 'GET', headers, signal }: Request): Promise<Response> {
  let url = new URL(path, place.origin);
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const answer = fetch(url, { method, ...(headers && { headers }), signal, redirect: 'manual' });
    const response = await orAborted(answer, signal).catch((error: unknown) => {
      throw new ConnectionLost(reasonOf(error), { cause: error });
    });
    if (response.status < 300 || response.status >= 400) return response;
    await response.body?.cancel();
    url = new URL(response.headers.get('location') ?? '', url);
    if (url.origin !== place.origin)
      throw new LocScaleError(
        'input.format',
        `${place.page} leads to ${url.host}, and only ${new URL(place.origin).host} is trusted; fetch ${place.file} in a browser.`,
      );
  }
  throw new LocScaleError('input.format', `${place.page} leads in circles; fetch ${place.file} in a browser.`);
}

/** What the system says of a failed connection: `ENOTFOUND`, `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}

/** What a person does where the host cannot be reached. */
export function unreachable(
  { origin, page, file }: Place,
  folder: string,
  kept: number,
  lost: ConnectionLost,
): LocScaleError {
  return new LocScaleError(
    'input.missing',
    `${new URL(origin).host} cannot be reached (${lost.message})${kept > 0 ? `, and ${kept} bytes are kept for the next attempt` : ''}; ` +
      `run this again when it can, or fetch ${file} from ${page} on another machine, put it into ${folder} and run this again.`,
  );
}
