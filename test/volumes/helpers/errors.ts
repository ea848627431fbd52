import { LocScaleError } from '@chimerax-like/rpc';
import { expect } from 'vitest';

/** The LocScaleError that a promise ends with; anything else fails the test. Its message must be one sentence. */
export const failure = async (promise: Promise<unknown>): Promise<LocScaleError> => {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (!(outcome instanceof LocScaleError)) throw new Error(`expected a LocScaleError, got ${String(outcome)}`);
  expect(outcome.message).toMatch(/^[^\n]+[.]$/u);
  return outcome;
};
