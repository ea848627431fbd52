import { LocScaleError } from '@chimerax-like/rpc';
import type { CommandLineErrorKind } from './exit-codes.js';

/** A mistake in the command line itself, found before any file is opened. */
export class CommandLineError extends Error {
  readonly kind: CommandLineErrorKind;

  constructor(kind: CommandLineErrorKind, message: string) {
    super(message);
    this.name = 'CommandLineError';
    this.kind = kind;
  }
}

/** Ends a command that has said everything itself, with an exit code other than 0. */
export class ExitWith extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.name = 'ExitWith';
    this.code = code;
  }
}

/** The part of an error that users and scripts see. */
export interface VisibleError {
  readonly kind: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Reduces anything thrown to what users see. Errors of the kernels are not LocScaleErrors but carry the same kinds; an
 * error without a kind is a defect and keeps its message.
 */
export function visibleError(thrown: unknown): VisibleError {
  if (thrown instanceof LocScaleError) return { kind: thrown.kind, message: thrown.message, details: thrown.details };
  if (thrown instanceof Error && 'kind' in thrown && typeof thrown.kind === 'string') {
    return { kind: thrown.kind, message: thrown.message, details: {} };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: 'rpc.internal', message: `Unexpected error: ${message}`, details: {} };
}
