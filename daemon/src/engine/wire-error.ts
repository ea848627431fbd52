import { LocScaleError, errorTable, type ErrorKind, type Job } from '@chimerax-like/rpc';

type WireError = NonNullable<Job['error']>;

/** An error as data, for messages, journal and clients; one without a kind is a defect and keeps its text for the log. */
export function toWireError(thrown: unknown): WireError {
  const error = withKind(thrown);
  if (error instanceof LocScaleError)
    return { code: error.code, kind: error.kind, message: error.message, details: { ...error.details } };
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: errorTable['rpc.internal'].code,
    kind: 'rpc.internal',
    message: `The engine failed in a way that it should not: ${text}; please report it with the job's log.`,
    details: {},
  };
}

/** The error back from data. */
export function fromWireError({ kind, message, details }: WireError): LocScaleError {
  const known = kind in errorTable ? (kind as ErrorKind) : 'rpc.internal';
  return new LocScaleError(known, message, details);
}

/** An error of the kernels carries a kind of the same table and a sentence for users: made into ours. Others stay as they are. */
export function withKind(error: unknown): unknown {
  if (error instanceof LocScaleError || !(error instanceof Error)) return error;
  if (!('kind' in error) || typeof error.kind !== 'string' || !(error.kind in errorTable)) return error;
  return new LocScaleError(error.kind as ErrorKind, error.message, {}, { cause: error });
}
