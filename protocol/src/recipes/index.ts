import type { RecipeDescriptor } from '../descriptor.js';
import { noReference } from './no-reference.js';
import { referenceMap } from './reference-map.js';

/** Every mode the engine knows, by name. Adding a mode = adding a recipe here and in the engine. */
export const recipes = {
  [referenceMap.name]: referenceMap,
  [noReference.name]: noReference,
} as const satisfies Readonly<Record<string, RecipeDescriptor>>;

export { noReference, referenceMap };
