import type { Warning } from '@chimerax-like/rpc';
import type { ScaleWindowsInput, ScaleWindowsOptions } from '@locscale/native';
import type { Slab, TaskProgress } from './messages.js';

/** Scales as the kernel does: in this process alone, or with its voxels shared among several (docs/clusters.md). */
export type ScaleWindows = (input: ScaleWindowsInput, options: ScaleWindowsOptions) => Promise<unknown>;

/** What the surroundings of a task give it: a way to stop it and ways to hear of it. */
export interface TaskHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  readonly onSlab?: ((slab: Slab) => void) | undefined;
  /** Default: the kernel in this process. */
  readonly scaleWindows?: ScaleWindows | undefined;
}

/** What a running step sees. */
export interface StepContext {
  readonly signal: AbortSignal;
  /** Share of this step that is done, 0 to 1. */
  readonly report: (fraction: number, message?: string) => void;
  readonly warn: (warning: Warning) => void;
  readonly slab: (slab: Slab) => void;
  /** Parts of the result that outlive a killed process; without a store nothing is kept. */
  readonly pieces: Pieces;
  /** Default: the kernel in this process. */
  readonly scaleWindows?: ScaleWindows | undefined;
}

/** Named parts of one step's result in the store, found again by a later run with the same inputs and parameters. */
export interface Pieces {
  readonly get: (name: string) => Promise<unknown>;
  readonly put: (name: string, value: unknown) => Promise<void>;
}

/**
 * A named, versioned function from inputs to outputs. The version rises when the same inputs give another result, so
 * that provenance and store can tell results apart.
 */
export interface Step<I, O> {
  readonly name: string;
  readonly version: number;
  readonly run: (input: I, context: StepContext) => O | Promise<O>;
  /** Inputs that do not change the result (threads, places to show it), so that its key leaves them out. */
  readonly unkeyed?: readonly (keyof I)[];
  /** What the store keeps of the result: nothing (cheap steps), all of it, or pieces, from which this function puts it together. */
  readonly keep?: 'whole' | ((pieces: Pieces) => Promise<O | undefined>);
}

/** Keeps nothing. */
export const noPieces: Pieces = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
