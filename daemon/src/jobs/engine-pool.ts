import { LocScaleError } from '@chimerax-like/rpc';
import type { TaskHooks } from '../engine/context.js';
import type { Task, TaskResult } from '../engine/messages.js';
import { EngineChild, type EngineInfo, stepBeforeFirst } from './engine-child.js';
import type { Log } from './log.js';
import type { WorkersFile } from './workers-file.js';

/** An idle engine is kept warm this long; then its memory goes back to the system. */
const idleMs = 5 * 60_000;

export interface PoolOptions {
  readonly workers: WorkersFile;
  readonly log: Log;
  readonly watchdogMs: number;
  readonly storeFolder: string;
  /** Priority of the process, as `nice` counts. */
  readonly niceness: number;
}

/**
 * Whether an engine ended before its task began: it died while it was idle and its end was not heard of yet. The task has
 * touched nothing, so another engine can do it.
 */
function diedIdle(error: unknown): boolean {
  return (
    error instanceof LocScaleError && error.kind === 'engine.crashed' && error.details['lastStep'] === stepBeforeFirst
  );
}

/** One place for an engine process: made when needed, kept warm between tasks, replaced after a crash. One task at a time. */
export class EngineSlot {
  readonly #options: PoolOptions;
  #child: EngineChild | null = null;
  #stopping = false;
  /** Tasks that somebody waits for. */
  #wanted = 0;
  #ahead: { readonly stop: () => void; readonly ended: Promise<unknown> } | null = null;
  #idle: NodeJS.Timeout | undefined;
  #output: (text: string) => void = () => undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the engine ahead of the first task and says what it can do. */
  info(): Promise<EngineInfo> {
    return this.#warm().info;
  }

  async run(task: Task, hooks: TaskHooks, onOutput: (text: string) => void): Promise<TaskResult> {
    clearTimeout(this.#idle);
    this.#wanted++;
    this.#output = onOutput;
    try {
      this.#ahead?.stop();
      await this.#ahead?.ended;
      try {
        return await this.#once(task, hooks);
      } catch (error) {
        if (!diedIdle(error)) throw error;
        return await this.#once(task, hooks);
      }
    } finally {
      this.#wanted--;
      this.#output = () => undefined;
      this.#idle = setTimeout(() => this.#child?.kill(), idleMs).unref();
    }
  }

  /** Does something that later tasks gain by, as long as there is none: `run` ends it. Never rejects; one at a time. */
  async ahead(task: Task): Promise<void> {
    if (this.#wanted > 0 || this.#stopping) return;
    const stopper = new AbortController();
    const ended = this.#once(task, { signal: stopper.signal }).catch(() => undefined);
    this.#ahead = { stop: () => stopper.abort(), ended };
    await ended;
    this.#ahead = null;
  }

  async #once(task: Task, hooks: TaskHooks): Promise<TaskResult> {
    if (this.#stopping) throw new LocScaleError('daemon.stopping', 'The daemon is shutting down; start it again.');
    const child = this.#warm();
    const { reason } = await child.info;
    if (reason !== null) throw new LocScaleError('engine.missing', reason);
    return child.run(task, hooks);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#idle);
    const child = this.#child;
    child?.kill();
    await child?.gone;
  }

  #warm(): EngineChild {
    if (this.#child?.alive) return this.#child;
    const { workers, log, ...options } = this.#options;
    const child = new EngineChild({ ...options, onOutput: (text) => this.#output(text) });
    this.#child = child;
    const { pid } = child;
    if (pid !== undefined) {
      void workers.add(pid);
      void child.gone.then(() => {
        workers.remove(pid);
        log('info', 'engine.gone', { pid });
      });
      log('info', 'engine.started', { pid });
    }
    // One that cannot work is not kept: the next task starts another, which finds an addon that was repaired meanwhile.
    void child.info.then(({ reason }) => reason !== null && child.kill());
    return child;
  }
}
