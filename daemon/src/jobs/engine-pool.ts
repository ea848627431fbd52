import { LocScaleError } from '@chimerax-like/rpc';
import type { TaskHooks } from '../engine/context.js';
import type { Task, TaskResult } from '../engine/messages.js';
import { EngineChild, type EngineInfo } from './engine-child.js';
import type { Log } from './log.js';
import type { WorkersFile } from './workers-file.js';

/** An idle engine is kept warm this long; then its memory goes back to the system. */
const idleMs = 5 * 60_000;

export interface PoolOptions {
  readonly workers: WorkersFile;
  readonly log: Log;
  readonly watchdogMs: number;
}

/** One place for an engine process: made when needed, kept warm between tasks, replaced after a crash. One task at a time. */
export class EngineSlot {
  readonly #options: PoolOptions;
  #child: EngineChild | null = null;
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
    this.#output = onOutput;
    try {
      const child = this.#warm();
      const { reason } = await child.info;
      if (reason !== null) throw new LocScaleError('engine.missing', reason);
      return await child.run(task, hooks);
    } finally {
      this.#output = () => undefined;
      this.#idle = setTimeout(() => this.#child?.kill(), idleMs).unref();
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#child;
    child?.kill();
    await child?.gone;
  }

  #warm(): EngineChild {
    if (this.#child?.alive) return this.#child;
    const { workers, log, watchdogMs } = this.#options;
    const child = new EngineChild({ watchdogMs, onOutput: (text) => this.#output(text) });
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
