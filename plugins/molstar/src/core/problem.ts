import { LocScaleError } from '@chimerax-like/rpc';

/** One sentence for people about anything that was thrown: value seen, value expected, next step. */
export function sentence(thrown: unknown): string {
  if (thrown instanceof LocScaleError) return thrown.message;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return 'Stopped.';
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}

/** True for what a person asked to end, which nobody needs to be told of. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
