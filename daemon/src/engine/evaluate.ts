import type { TaskHooks } from './context.js';
import type { Outcome, RecipeInputs } from './messages.js';
import { engineRecipe } from './recipes/index.js';

export interface Evaluation {
  readonly recipe: string;
  readonly inputs: RecipeInputs;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Raw file of each output volume, by output name; left out when only the map file is wanted. */
  readonly rawOutputs?: Readonly<Record<string, string>>;
  readonly outputPath?: string | null;
}

/** Evaluates a recipe in this process: what an engine child does for the daemon, and the command line with `--no-daemon`. */
export async function evaluate(evaluation: Evaluation, hooks: TaskHooks = {}): Promise<Outcome> {
  const { recipe, inputs, parameters = {}, rawOutputs = {}, outputPath = null } = evaluation;
  return engineRecipe(recipe).run({ inputs, parameters, rawOutputs, outputPath }, hooks);
}
