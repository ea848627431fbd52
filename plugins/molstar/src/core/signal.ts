/** A value that can be watched; what panels show and what scripts wait for. */
export interface ReadonlySignal<T> {
  readonly value: T;
  /** Calls `listener` after every change; the returned function stops it. */
  subscribe(listener: () => void): () => void;
}

export class Signal<T> implements ReadonlySignal<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    // A closure of its own, so that the same function may listen twice and stop once.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }
}

/** Resolves with the first value that holds, now or later. */
export function when<T, S extends T>(signal: ReadonlySignal<T>, holds: (value: T) => value is S): Promise<S>;
export function when<T>(signal: ReadonlySignal<T>, holds: (value: T) => boolean): Promise<T>;
export function when<T>(signal: ReadonlySignal<T>, holds: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    if (holds(signal.value)) return resolve(signal.value);
    const stop = signal.subscribe(() => {
      if (!holds(signal.value)) return;
      stop();
      resolve(signal.value);
    });
  });
}
