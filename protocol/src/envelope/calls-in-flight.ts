import { LocScaleError } from '../errors.js';
import { quote } from './text.js';
import type { WireId } from './wire.js';

/** What one connection has running: how many, and under which ids. */
export class CallsInFlight {
  readonly #ids = new Set<string>();
  readonly #limit: number;
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True when another message would go past the limit. */
  get full(): boolean {
    return this.#running >= this.#limit;
  }

  /** True while a call with this id is unanswered. `1` and `"1"` are different; `null` is never remembered. */
  has(id: WireId | undefined): boolean {
    return id !== undefined && id !== null && this.#ids.has(key(id));
  }

  /** Counts a message in; the returned function counts it out. `id` is undefined for a notification. */
  enter(id: WireId | undefined): () => void {
    this.#running++;
    const mark = id === undefined || id === null ? undefined : key(id);
    if (mark !== undefined) this.#ids.add(mark);
    return () => {
      this.#running--;
      if (mark !== undefined) this.#ids.delete(mark);
    };
  }

  busy(): LocScaleError {
    return new LocScaleError(
      'limit.busy',
      `${this.#limit} calls of this connection are unanswered, the most allowed; wait for an answer before the next call.`,
      { limit: this.#limit },
    );
  }
}

/**
 * The answer to a second call with the id of a running one. It goes out under id null: under the id itself the
 * caller would take it for the answer to the first call.
 */
export function duplicateId(id: WireId): LocScaleError {
  return new LocScaleError(
    'rpc.invalid-request',
    `Invalid Request: a call with id ${quote(id)} is still unanswered; give each call its own id.`,
    { id },
  );
}

function key(id: string | number): string {
  return `${typeof id}:${id}`;
}
