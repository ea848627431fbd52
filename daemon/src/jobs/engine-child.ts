import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { LocScaleError } from '@chimerax-like/rpc';
import type { TaskHooks } from '../engine/context.js';
import { type FromEngine, fromEngineSchema, type Task, type TaskResult, type ToEngine } from '../engine/messages.js';
import { fromWireError } from '../engine/wire-error.js';
import { crashSentence, type Death } from './crash-reason.js';
import { oomKills } from './memory-budget.js';

const entry = fileURLToPath(new URL('../engine/main.js', import.meta.url));
/** Time that a cancelled task has to end by itself before its process is killed, ms; the whole cancel has 1 s. */
const cancelGraceMs = 600;

/** What stands for the last step of a task that has reported none. */
export const stepBeforeFirst = 'start';

export interface EngineOptions {
  /** Where results of steps are kept. */
  readonly storeFolder: string;
  /** Priority of the process, as `nice` counts. */
  readonly niceness: number;
  /** Silence after which the process counts as hanging, ms. */
  readonly watchdogMs: number;
  /** Output of the process, line by line as it comes. */
  readonly onOutput: (text: string) => void;
}

/** What an engine said of itself when it started. */
export interface EngineInfo {
  readonly simd: string | null;
  /** Why it cannot work, or null. */
  readonly reason: string | null;
}

interface Running {
  readonly id: string;
  readonly hooks: TaskHooks;
  readonly resolve: (result: TaskResult) => void;
  readonly reject: (error: Error) => void;
  lastStep: string;
}

/** One engine process: starts it, gives it one task at a time, and turns every way in which it can end into an error. */
export class EngineChild {
  readonly info: Promise<EngineInfo>;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  readonly #process: ChildProcess;
  readonly #options: EngineOptions;
  readonly #oomBefore = oomKills();
  #running: Running | null = null;
  #watchdog: NodeJS.Timeout;
  #hung = false;
  #dead = false;
  #announce: (info: EngineInfo) => void = () => undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.info = new Promise((resolve) => (this.#announce = resolve));
    this.#process = fork(entry, [options.storeFolder, String(options.niceness), String(process.pid)], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      // A session of its own, see `Courtesy`.
      detached: process.platform === 'linux',
    });
    this.#process.stdout?.setEncoding('utf8').on('data', options.onOutput);
    this.#process.stderr?.setEncoding('utf8').on('data', options.onOutput);
    this.#process.on('message', (message) => this.#hear(message));
    this.gone = new Promise((resolve) => {
      // `exit` comes for a process that ran, `error` for one that could not be started.
      this.#process.once('exit', (code, signal) => resolve(this.#ended({ code, signal, hung: this.#hung })));
      this.#process.once('error', () => resolve(this.#ended({ code: null, signal: null, hung: false })));
    });
    this.#watchdog = this.#watch();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get alive(): boolean {
    return !this.#dead;
  }

  /** Does one task; rejects with `job.cancelled` within a second of the signal, with `engine.crashed` when the process ends. */
  run(task: Task, hooks: TaskHooks): Promise<TaskResult> {
    if (this.#running !== null)
      throw new LocScaleError('rpc.internal', 'This engine is at work; give it one task at a time.');
    const id = randomBytes(8).toString('hex');
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      this.#send({ kind: 'cancel', id });
      grace = setTimeout(() => this.kill(), cancelGraceMs);
    };
    return new Promise<TaskResult>((resolve, reject) => {
      this.#running = { id, hooks, resolve, reject, lastStep: stepBeforeFirst };
      if (this.#dead) return void this.#ended({ code: null, signal: null, hung: false });
      this.#send({ kind: 'run', id, task });
      if (hooks.signal?.aborted) onAbort();
      hooks.signal?.addEventListener('abort', onAbort);
    }).finally(() => {
      clearTimeout(grace);
      hooks.signal?.removeEventListener('abort', onAbort);
      this.#running = null;
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #send(message: ToEngine): void {
    // An error here means that the process is going; its `exit` tells the caller.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #hear(raw: unknown): void {
    this.#watchdog.refresh();
    const parsed = fromEngineSchema.safeParse(raw);
    if (!parsed.success) return this.#options.onOutput(`message not understood: ${parsed.error.message}\n`);
    const message: FromEngine = parsed.data;
    if (message.kind === 'ready') return this.#announce({ simd: message.simd, reason: message.reason });
    const running = this.#running;
    if (message.kind === 'alive' || message.id !== running?.id) return;
    switch (message.kind) {
      case 'progress':
        running.lastStep = message.progress.step;
        return running.hooks.onProgress?.(message.progress);
      case 'slab':
        return running.hooks.onSlab?.(message.slab);
      case 'done':
        return running.resolve(message.result);
      case 'failed':
        return running.reject(fromWireError(message.error));
    }
  }

  /** Kills a process that has said nothing for too long; unlike the kernels its JavaScript thread is never busy for long. */
  #watch(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#hung = true;
      this.kill();
    }, this.#options.watchdogMs).unref();
  }

  async #ended(death: Death): Promise<void> {
    this.#dead = true;
    clearTimeout(this.#watchdog);
    this.#announce({ simd: null, reason: 'The engine process does not start; run: npx locscale doctor' });
    const running = this.#running;
    if (running === null) return;
    if (running.hooks.signal?.aborted) {
      running.reject(new LocScaleError('job.cancelled', 'The job was cancelled; nothing was written.'));
      return;
    }
    const [before, after] = await Promise.all([this.#oomBefore, oomKills()]);
    const outOfMemory = before !== null && after !== null && after > before;
    const sentence = crashSentence({ ...death, outOfMemory, lastStep: running.lastStep });
    const { code, signal, hung } = death;
    running.reject(new LocScaleError('engine.crashed', sentence, { code, signal, hung, lastStep: running.lastStep }));
  }
}
