/** Kinds of the protocol's error table that a kernel call can end with. */
export type NativeErrorKind =
  | 'input.parameter'
  | 'input.format'
  | 'input.model'
  | 'input.voxels'
  | 'input.mismatch'
  | 'job.cancelled'
  | 'limit.memory'
  | 'limit.size'
  | 'rpc.internal';

/** A kernel call that failed; `kind` crosses the engine, the wire and the command line unchanged. */
export class NativeError extends Error {
  readonly kind: NativeErrorKind;

  constructor(kind: NativeErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NativeError';
    this.kind = kind;
  }
}

const kinds: ReadonlySet<string> = new Set<NativeErrorKind>([
  'input.parameter',
  'input.format',
  'input.model',
  'input.voxels',
  'input.mismatch',
  'job.cancelled',
  'limit.memory',
  'limit.size',
  'rpc.internal',
]);

const isKind = (value: unknown): value is NativeErrorKind => typeof value === 'string' && kinds.has(value);

/** The addon rejects with plain errors that carry a `kind`; they get the stack of the caller here. */
export function toNativeError(error: unknown): NativeError {
  if (error instanceof NativeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const kind = error instanceof Error && 'kind' in error && isKind(error.kind) ? error.kind : 'rpc.internal';
  return new NativeError(kind, message, { cause: error });
}
