import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import { noPieces, type Pieces, type Step, type StepContext, type TaskHooks } from './context.js';
import { ProgressTree } from './progress-tree.js';
import { withKind } from './wire-error.js';

/** Runs the steps of one task: weighs their progress, times them, gathers their warnings, stops between them. */
export class Runner {
  readonly timings: Record<string, number> = {};
  readonly steps: Record<string, number> = {};
  readonly warnings: Warning[] = [];
  /** Adds a warning, once however many inputs give it. */
  readonly warn = (warning: Warning): void => {
    if (!this.warnings.some(({ message }) => message === warning.message)) this.warnings.push(warning);
  };
  readonly signal: AbortSignal;
  readonly #hooks: TaskHooks;
  readonly #tree: ProgressTree;

  /** `weights`: share of the work behind each label that `run` will be called with, as far as it is known by now. */
  constructor(weights: Readonly<Record<string, number>>, hooks: TaskHooks) {
    this.#tree = new ProgressTree(weights);
    this.#hooks = hooks;
    this.signal = hooks.signal ?? new AbortController().signal;
  }

  /** Announces a step, so that progress can weigh it before it runs. */
  expect(label: string, weight: number): void {
    this.#tree.expect(label, weight);
  }

  /** Runs one step; `label` tells apart several runs of the same step, e.g. `load half map 1`. */
  async run<I, O>(step: Step<I, O>, input: I, label: string, pieces: Pieces = noPieces): Promise<O> {
    throwIfCancelled(this.signal);
    const started = performance.now();
    const report = (fraction: number, message = label): void =>
      this.#hooks.onProgress?.({ step: step.name, fraction: this.#tree.report(label, fraction), message });
    const context: StepContext = {
      signal: this.signal,
      report,
      warn: this.warn,
      slab: (slab) => this.#hooks.onSlab?.(slab),
      pieces,
      scaleWindows: this.#hooks.scaleWindows,
    };
    report(0);
    const output = await cancellable(this.signal, () => step.run(input, context));
    report(1);
    this.#timed(step, started);
    this.steps[step.name] = step.version;
    return output;
  }

  /** Looks for the result of a step where an earlier run left it; what is found counts as done. */
  async find<I, O, R>(step: Step<I, O>, look: () => Promise<R | undefined>, label: string): Promise<R | undefined> {
    throwIfCancelled(this.signal);
    const started = performance.now();
    const found = await cancellable(this.signal, look);
    if (found === undefined) return undefined;
    this.#hooks.onProgress?.({ step: step.name, fraction: this.#tree.report(label, 1), message: label });
    this.#timed(step, started);
    return found;
  }

  #timed({ name }: { readonly name: string }, started: number): void {
    this.timings[name] = (this.timings[name] ?? 0) + (performance.now() - started) / 1000;
  }
}

/** The one error of a cancelled task, whatever the code that noticed it threw. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new LocScaleError('job.cancelled', 'The job was cancelled; nothing was written.');
}

/** Does work whose errors, once it is cancelled, all mean that. */
export async function cancellable<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throwIfCancelled(signal);
    throw withKind(error);
  }
}
