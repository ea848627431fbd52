import type { Grid, ModelFacts, Warning } from '@chimerax-like/rpc';
import type { TaskHooks } from '../context.js';
import type { Graph } from '../graph.js';
import type { Outcome, RecipeInputs } from '../messages.js';

/** What can be said of a job from headers alone. */
export interface Preparation {
  readonly windowSize: number;
  /** Estimated peak memory of the engine, bytes. */
  readonly peakBytes: number;
  /** Bytes of each output volume. */
  readonly outputBytes: number;
  readonly grid: Grid;
  readonly warnings: readonly Warning[];
}

/** Grids of the inputs, by input name; half maps as `halfMaps.0` and `halfMaps.1`. */
export type InputGrids = Readonly<Record<string, Grid>>;

/** What is known of the models among the inputs, by input name. */
export type InputModels = Readonly<Record<string, ModelFacts>>;

export interface RecipeRequest {
  readonly inputs: RecipeInputs;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly rawOutputs: Readonly<Record<string, string>>;
  readonly modelOutputs: Readonly<Record<string, string>>;
  readonly outputPath: string | null;
}

/** One mode as the engine runs it; its contract for clients is the descriptor of the same name in the protocol. */
export interface EngineRecipe {
  readonly name: string;
  /** Names of the output volumes that a request leads to. */
  readonly outputs: (
    inputs: Readonly<Record<string, unknown>>,
    parameters: Readonly<Record<string, unknown>>,
  ) => readonly string[];
  /** Checks what headers can tell, throws the error a user should see, and estimates memory; reads no file. */
  readonly prepare: (
    grids: InputGrids,
    parameters: Readonly<Record<string, unknown>>,
    models: InputModels,
  ) => Preparation;
  readonly run: (graph: Graph, request: RecipeRequest, hooks: TaskHooks) => Promise<Outcome>;
}
