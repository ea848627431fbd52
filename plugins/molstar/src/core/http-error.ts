import { type ErrorKind, errorTable, LocScaleError } from '@chimerax-like/rpc';

const isKind = (kind: unknown): kind is ErrorKind => typeof kind === 'string' && Object.hasOwn(errorTable, kind);

/** The error in the body of an HTTP answer, as the same error that a call would throw. */
export async function readHttpError(response: { readonly status: number; text(): Promise<string> }): Promise<Error> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { readonly error?: { readonly kind?: unknown; readonly message?: unknown } };
    if (isKind(error?.kind) && typeof error.message === 'string') return new LocScaleError(error.kind, error.message);
  } catch {
    // Not the daemon's own form: a proxy, or the body was cut off.
  }
  return new LocScaleError(
    'connection.refused',
    `The daemon answered HTTP ${response.status} without a reason; see locscale daemon status.`,
  );
}
