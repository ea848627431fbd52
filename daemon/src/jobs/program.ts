import { engineRecipes } from '../engine/recipes/index.js';

export { programVersion } from '../engine/version.js';

/** Names of the recipes that the engine knows. */
export const recipeNames: readonly string[] = [...engineRecipes.keys()];
