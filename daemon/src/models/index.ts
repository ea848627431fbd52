export { atomName } from './atom-name.js';
export { modelFacts } from './facts.js';
export { placementOf, type Placement, type PlacementInput } from './placement/placement.js';
export { defaultMaxModelBytes, readModel, type ReadModelOptions } from './read-model.js';
export type { Model } from './types.js';
export { writeModel, type ModelContent } from './write-model.js';
