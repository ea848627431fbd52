import { combineHalfMaps as combine } from '@locscale/native';
import type { Step } from '../context.js';

export interface HalfMaps {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
}

/** The full map: mean of the two half maps in float32 (scaling.md 4). */
export const combineHalfMaps: Step<HalfMaps, Float32Array> = {
  name: 'combineHalfMaps',
  version: 1,
  run: ({ half1, half2 }, { signal }) => combine(half1, half2, { signal }),
};
