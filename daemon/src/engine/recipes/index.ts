import { LocScaleError } from '@chimerax-like/rpc';
import type { EngineRecipe } from './recipe.js';
import { hybrid } from './hybrid.js';
import { modelBased } from './model-based.js';
import { featureEnhance } from './feature-enhance.js';
import { modelFree } from './model-free.js';
import { noReference } from './no-reference.js';
import { pseudoModel } from './pseudo-model.js';
import { referenceMap } from './reference-map.js';
import { surfer } from './surfer.js';

/** Every mode of the engine by name. Adding a mode = adding a recipe here and its descriptor in the protocol. */
export const engineRecipes: ReadonlyMap<string, EngineRecipe> = new Map(
  [modelFree, featureEnhance, referenceMap, modelBased, hybrid, pseudoModel, noReference, surfer].map((recipe) => [
    recipe.name,
    recipe,
  ]),
);

export function engineRecipe(name: string): EngineRecipe {
  const found = engineRecipes.get(name);
  if (found === undefined)
    throw new LocScaleError(
      'input.parameter',
      `There is no recipe "${name}", expected one of ${[...engineRecipes.keys()].join(', ')}; choose one of these.`,
    );
  return found;
}
