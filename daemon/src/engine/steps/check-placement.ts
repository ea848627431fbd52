import { type Placement, type PlacementInput, placementOf } from '../../models/index.js';
import type { Step } from '../context.js';

/** Looks whether a model lies in the map (docs/models.md); refuses one that lies outside its box. */
export const checkPlacement: Step<PlacementInput, Placement> = {
  name: 'checkPlacement',
  version: 1,
  keep: 'whole',
  run: async (input, { signal, warn }) => {
    const placement = await placementOf(input, signal);
    placement.warnings.forEach(warn);
    return placement;
  },
};
