import type { Step } from '../context.js';
import type { Compatibility } from '../resolution.js';
import type { MapFilter } from './filter-map.js';

/** The filter that weights a map by the FSC of its halves. */
export const fscGain: Step<{ readonly curve: Float64Array; readonly compatibility: Compatibility }, MapFilter> = {
  name: 'fscGain',
  version: 1,
  run: ({ curve, compatibility }) => ({ kind: 'fsc', curve, compatibility }),
};
