export { evaluate, type Evaluation } from './evaluate.js';
export type { ScaleWindows, TaskHooks } from './context.js';
export type { Outcome, RecipeInputs, Slab, TaskProgress, VolumeSource } from './messages.js';
export { checkOutputPath, sidecarPath } from './output-path.js';
export { engineRecipe, engineRecipes } from './recipes/index.js';
export type { EngineRecipe, InputGrids, Preparation } from './recipes/recipe.js';
export { programVersion } from './version.js';
