import type { Step } from '../context.js';
import type { RefinementMaps } from '../refinement/types.js';

export interface RefinementMapsInput {
  readonly half1: Float32Array | undefined;
  readonly half2: Float32Array | undefined;
  /** Used where there are no half maps. */
  readonly map: Float32Array | undefined;
}

/** What B-factors are refined against: the half maps where there are some, else the map. */
export const refinementMaps: Step<RefinementMapsInput, RefinementMaps> = {
  name: 'refinementMaps',
  version: 1,
  run: ({ half1, half2, map }) => {
    if (half1 !== undefined && half2 !== undefined) return { kind: 'half maps', half1, half2 };
    if (map === undefined) throw new TypeError('neither half maps nor a map to refine against');
    return { kind: 'map', map };
  },
};
