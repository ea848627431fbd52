import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import type { Step, StepContext, TaskHooks } from './context.js';
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

  /** `weights`: share of the work behind each label that `run` will be called with. */
  constructor(weights: Readonly<Record<string, number>>, hooks: TaskHooks) {
    this.#tree = new ProgressTree(weights);
    this.#hooks = hooks;
    this.signal = hooks.signal ?? new AbortController().signal;
  }

  /** Runs one step; `label` tells apart several runs of the same step, e.g. `load half map 1`. */
  async run<I, O>(step: Step<I, O>, input: I, label: string): Promise<O> {
    throwIfCancelled(this.signal);
    const started = performance.now();
    const report = (fraction: number, message = label): void =>
      this.#hooks.onProgress?.({ step: step.name, fraction: this.#tree.report(label, fraction), message });
    const context: StepContext = {
      signal: this.signal,
      report,
      warn: this.warn,
      slab: (slab) => this.#hooks.onSlab?.(slab),
    };
    report(0);
    const output = await cancellable(this.signal, () => step.run(input, context));
    report(1);
    this.timings[step.name] = (this.timings[step.name] ?? 0) + (performance.now() - started) / 1000;
    this.steps[step.name] = step.version;
    return output;
  }
}

/** The one error of a cancelled task, whatever the code that noticed it threw. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new LocScaleError('job.cancelled', 'The job was cancelled; nothing was written.');
}

async function cancellable<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throwIfCancelled(signal);
    throw withKind(error);
  }
}
