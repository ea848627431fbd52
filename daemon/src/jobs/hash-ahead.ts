import type { EngineSlot } from './engine-pool.js';

/** A job that follows at once (a command that opens its files and submits) finds the engine free, ms. */
const pauseMs = 250;

/**
 * Has the engine of the jobs hash the files that were opened while it has nothing else to do: whoever then starts a job waits
 * for its steps only. A job that comes first ends this and hashes what it needs itself.
 */
export class HashAhead {
  readonly #engine: EngineSlot;
  readonly #waiting = new Set<string>();
  #isWorking = false;

  constructor(engine: EngineSlot) {
    this.#engine = engine;
  }

  add(path: string): void {
    this.#waiting.add(path);
    if (this.#isWorking) return;
    this.#isWorking = true;
    setTimeout(() => void this.#work(), pauseMs).unref();
  }

  async #work(): Promise<void> {
    for (const path of this.#waiting) {
      this.#waiting.delete(path);
      // What cannot be read is told of when somebody wants it.
      await this.#engine.ahead({ kind: 'hash', path });
    }
    this.#isWorking = false;
  }
}
