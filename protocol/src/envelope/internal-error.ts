import { LocScaleError } from '../errors.js';

/** A defect on its way to the log. The caller of the method sees only the correlation id. */
export interface InternalErrorReport {
  readonly correlationId: string;
  readonly method: string;
  readonly error: unknown;
}
export type OnInternalError = (report: InternalErrorReport) => void;

/** Errors with a kind pass; anything else is reported and replaced, so that no path, stack or secret leaves by accident. */
export function withoutInternals(error: unknown, method: string, onInternalError: OnInternalError): LocScaleError {
  if (error instanceof LocScaleError) return error;
  const correlationId = crypto.randomUUID();
  onInternalError({ correlationId, method, error });
  return new LocScaleError(
    'rpc.internal',
    `Internal error: a defect of the daemon; its log holds the text under ${correlationId}.`,
    { correlationId },
    { cause: error },
  );
}
