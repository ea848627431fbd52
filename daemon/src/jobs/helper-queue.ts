import type { Task, TaskResult } from '../engine/messages.js';
import type { EngineSlot } from './engine-pool.js';
import type { MemoryGate } from './memory-gate.js';

/** Tasks that are no jobs (statistics, saving, looking at models), done one at a time by an engine of their own, beside the jobs. */
export class HelperQueue {
  readonly #engine: EngineSlot;
  readonly #gate: MemoryGate;
  readonly #log: (text: string) => void;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: EngineSlot, gate: MemoryGate, log: (text: string) => void) {
    this.#engine = engine;
    this.#gate = gate;
    this.#log = log;
  }

  /** Refuses a task that never fits into the budget (`MemoryGate.assertFits`). */
  assertFits(bytes: number, what: string, advice: string): void {
    this.#gate.assertFits(bytes, what, advice);
  }

  /** Does the task when those before it are done and its memory is free. */
  run(task: Task, bytes: number): Promise<TaskResult> {
    const work = async (): Promise<TaskResult> => {
      const leave = await this.#gate.enter(bytes, new AbortController().signal);
      try {
        return await this.#engine.run(task, {}, this.#log);
      } finally {
        leave();
      }
    };
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
