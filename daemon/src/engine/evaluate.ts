import type { Store } from '../store/index.js';
import type { TaskHooks } from './context.js';
import { Graph } from './graph.js';
import type { Outcome, RecipeInputs } from './messages.js';
import { engineRecipe } from './recipes/index.js';
import { checkOutput } from './steps/check-output.js';

export interface Evaluation {
  readonly recipe: string;
  readonly inputs: RecipeInputs;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Raw file of each output volume, by output name; left out when only the map file is wanted. */
  readonly rawOutputs?: Readonly<Record<string, string>>;
  /** mmCIF file of each model; the same. */
  readonly modelOutputs?: Readonly<Record<string, string>>;
  readonly outputPath?: string | null;
  /** Where results of steps are kept and found again; null: nowhere. */
  readonly store: Store | null;
}

/** Evaluates a recipe in this process: what an engine child does for the daemon, and the command line with `--no-daemon`. */
export async function evaluate(evaluation: Evaluation, hooks: TaskHooks = {}): Promise<Outcome> {
  const { recipe, inputs, parameters = {}, rawOutputs = {}, modelOutputs = {}, outputPath = null, store } = evaluation;
  const graph = new Graph(hooks, store);
  const checking = { label: 'checking the output path', weight: 0 };
  await graph.run(checkOutput, { outputPath, sources: Object.values(inputs).flat() }, checking);
  return engineRecipe(recipe).run(graph, { inputs, parameters, rawOutputs, modelOutputs, outputPath }, hooks);
}
