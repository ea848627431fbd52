import { z } from 'zod';
import { errorTable, LocScaleError, type ErrorKind } from '../errors.js';
import type { WireError, WireId, WireResponse } from './wire.js';

/** What every error of the daemon carries in `data`; programs branch on `kind`. */
export const errorDataSchema = z.strictObject({
  kind: z.string().meta({ description: 'Stable name from the error table.' }),
  details: z
    .record(z.string(), z.unknown())
    .meta({ description: 'Numbers for programs, e.g. `seen` and `expected`; often empty.' }),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

export function toWireError(error: LocScaleError): WireError {
  return { code: error.code, message: error.message, data: { kind: error.kind, details: error.details } };
}

export function errorResponse(id: WireId, error: LocScaleError): WireResponse {
  return { jsonrpc: '2.0', id, error: toWireError(error) };
}

/** The reverse, in the client. A kind this version does not know keeps its name in `details.kind`. */
export function fromWireError(error: WireError): LocScaleError {
  const data = errorDataSchema.safeParse(error.data);
  if (data.success && isErrorKind(data.data.kind)) {
    return new LocScaleError(data.data.kind, error.message, data.data.details);
  }
  const details = data.success ? { ...data.data.details, kind: data.data.kind } : {};
  return new LocScaleError(kindOfCode(error.code), error.message, { ...details, code: error.code });
}

export function isErrorKind(kind: string): kind is ErrorKind {
  return Object.hasOwn(errorTable, kind);
}

function kindOfCode(code: number): ErrorKind {
  const entry = Object.entries(errorTable).find(([, row]) => row.code === code);
  return entry !== undefined && isErrorKind(entry[0]) ? entry[0] : 'rpc.internal';
}
