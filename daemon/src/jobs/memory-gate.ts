import { LocScaleError } from '@chimerax-like/rpc';

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** Lets tasks in as long as their estimates together fit the budget, in the order in which they came. */
export class MemoryGate {
  readonly budget: number;
  #reserved = 0;
  readonly #waiting: Waiting[] = [];

  constructor(budget: number) {
    this.budget = budget;
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** Refuses, with numbers, what would never fit; `advice` is what would make it smaller. */
  assertFits(bytes: number, what = 'The job', advice = 'crop or bin the maps'): void {
    if (bytes <= this.budget) return;
    throw new LocScaleError(
      'limit.memory',
      `${what} needs about ${mebibytes(bytes)} MiB, but its budget is ${mebibytes(this.budget)} MiB; ${advice}, or use a machine with more memory.`,
      { neededBytes: bytes, budgetBytes: this.budget },
    );
  }

  /** Waits for room; rejects with the signal's reason when cancelled meanwhile. The returned function gives the room back. */
  async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    this.assertFits(bytes);
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = { bytes, enter: () => (signal.removeEventListener('abort', leave), resolve()) };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(new LocScaleError('job.cancelled', 'The job was cancelled while it waited for memory.'));
        this.#admit();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
      this.#admit();
    });
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#reserved -= bytes;
      this.#admit();
    };
  }

  #admit(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#reserved + next.bytes <= this.budget;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#reserved += next.bytes;
      next.enter();
    }
  }
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
