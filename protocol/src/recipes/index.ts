import type { RecipeDescriptor } from '../descriptor.js';
import { hybrid } from './hybrid.js';
import { modelBased } from './model-based.js';
import { featureEnhance } from './feature-enhance.js';
import { modelFree } from './model-free.js';
import { noReference } from './no-reference.js';
import { pseudoModel } from './pseudo-model.js';
import { referenceMap } from './reference-map.js';
import { surfer } from './surfer.js';

/** Every mode the engine knows, by name. Adding a mode = adding a recipe here and in the engine. */
export const recipes = {
  [modelFree.name]: modelFree,
  [featureEnhance.name]: featureEnhance,
  [referenceMap.name]: referenceMap,
  [modelBased.name]: modelBased,
  [hybrid.name]: hybrid,
  [pseudoModel.name]: pseudoModel,
  [noReference.name]: noReference,
  [surfer.name]: surfer,
} as const satisfies Readonly<Record<string, RecipeDescriptor>>;

export { featureEnhance, modelFree, hybrid, modelBased, noReference, pseudoModel, referenceMap, surfer };
