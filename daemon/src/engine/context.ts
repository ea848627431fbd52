import type { Warning } from '@chimerax-like/rpc';
import type { Slab, TaskProgress } from './messages.js';

/** What the surroundings of a task give it: a way to stop it and ways to hear of it. */
export interface TaskHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  readonly onSlab?: ((slab: Slab) => void) | undefined;
}

/** What a running step sees. */
export interface StepContext {
  readonly signal: AbortSignal;
  /** Share of this step that is done, 0 to 1. */
  readonly report: (fraction: number, message?: string) => void;
  readonly warn: (warning: Warning) => void;
  readonly slab: (slab: Slab) => void;
}

/**
 * A named, versioned function from inputs to outputs. The version rises when the same inputs give another result, so
 * that provenance (and later a store) can tell results apart.
 */
export interface Step<I, O> {
  readonly name: string;
  readonly version: number;
  readonly run: (input: I, context: StepContext) => O | Promise<O>;
}
