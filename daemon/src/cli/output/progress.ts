import type { Progress } from '@chimerax-like/rpc';
import type { Terminal } from '../terminal.js';
import { duration } from './duration.js';

/** Shows how far a job is, until `end`. */
export interface ProgressView {
  readonly update: (progress: Progress) => void;
  /** Says why nothing moves yet. */
  readonly wait: (reason: string) => void;
  /** Leaves the line free for what comes next. */
  readonly end: () => void;
}

/** A view that shows nothing, for `--json`. */
export const silentProgress: ProgressView = {
  update: () => undefined,
  wait: () => undefined,
  end: () => undefined,
};

/** A bar that redraws itself on a terminal, plain lines elsewhere (log files, pipes, queues). */
export const progressView = (
  terminal: Terminal,
  now: () => number = performance.now.bind(performance),
): ProgressView => (terminal.interactive ? new ProgressBar(terminal) : new ProgressLines(terminal, now));

const percent = (progress: Progress): number => Math.floor(progress.fraction * 100);
const remaining = (progress: Progress): string =>
  progress.remainingSeconds === null ? '' : `, ${duration(progress.remainingSeconds)} left`;

/** `[######----]  60 %  scale windows, 12 s left`, cut to the width of the terminal. */
class ProgressBar implements ProgressView {
  readonly #terminal: Terminal;
  #drawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  update(progress: Progress): void {
    const width = 30;
    const filled = Math.round(progress.fraction * width);
    const bar = `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
    const text = `${bar} ${String(percent(progress)).padStart(3)} %  ${progress.message}${remaining(progress)}`;
    this.#redraw(text);
  }

  wait(reason: string): void {
    this.#redraw(reason);
  }

  end(): void {
    if (this.#drawn) this.#terminal.draw('\r\u001b[K');
    this.#drawn = false;
  }

  /** One column stays free: terminals wrap when the last one is written. `ESC [K` clears what a longer line left. */
  #redraw(text: string): void {
    this.#terminal.draw(`\r${text.slice(0, Math.max(1, this.#terminal.columns() - 1))}\u001b[K`);
    this.#drawn = true;
  }
}

/** Plain lines are at least this far apart in percent and in time; a slow job still gets one a minute. */
const linePercent = 10;
const lineMs = 5_000;
const slowLineMs = 60_000;

class ProgressLines implements ProgressView {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #last: { readonly percent: number; readonly at: number } | null = null;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  update(progress: Progress): void {
    const at = this.#now();
    const last = this.#last;
    if (last !== null) {
      const elapsed = at - last.at;
      const moved = percent(progress) - last.percent >= linePercent;
      if (!(moved && elapsed >= lineMs) && elapsed < slowLineMs) return;
    }
    this.#last = { percent: percent(progress), at };
    this.#terminal.note(`${String(percent(progress)).padStart(3)} %  ${progress.message}${remaining(progress)}`);
  }

  wait(reason: string): void {
    this.#terminal.note(reason);
  }

  end(): void {
    this.#last = null;
  }
}
