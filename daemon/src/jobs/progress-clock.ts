import type { Progress } from '@chimerax-like/rpc';
import type { TaskProgress } from '../engine/messages.js';

/** At most four messages a second for each job. */
const intervalMs = 250;
/** Below these an estimate of the remaining time would be noise. */
const firstFraction = 0.03;
const firstSeconds = 0.3;

/** Adds time to the progress of one job, keeps it from going back, and passes on the newest at most four times a second. */
export class ProgressClock {
  readonly #publish: (progress: Progress) => void;
  readonly #started = performance.now();
  #latest: Progress | null = null;
  #lastPublished = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (progress: Progress) => void) {
    this.#publish = publish;
  }

  get latest(): Progress | null {
    return this.#latest;
  }

  hear({ step, fraction, message }: TaskProgress): void {
    const elapsedSeconds = (performance.now() - this.#started) / 1000;
    const reached = Math.min(1, Math.max(fraction, this.#latest?.fraction ?? 0));
    const known = reached >= firstFraction && elapsedSeconds >= firstSeconds;
    const remainingSeconds = known ? (elapsedSeconds * (1 - reached)) / reached : null;
    this.#latest = { step, fraction: reached, message, elapsedSeconds, remainingSeconds };
    const wait = this.#lastPublished + intervalMs - performance.now();
    if (wait <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  /** Nothing comes after the end of a job. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flush(): void {
    this.stop();
    this.#lastPublished = performance.now();
    if (this.#latest !== null) this.#publish(this.#latest);
  }
}
