import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';
import { localFilter, type LocalFilterInput } from './local-filter.js';

export interface FilterScaledInput extends LocalFilterInput {
  /** 1: this voxel was scaled; all others stay exactly 0. */
  readonly mask: Uint8Array;
}

/** Low-pass of every scaled voxel at its own resolution; the filter's tails outside the mask are cut. */
export const filterScaled: Step<FilterScaledInput, Float32Array> = {
  name: 'filterScaled',
  version: localFilter.version,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async ({ mask, ...input }, context) => {
    const filtered = await localFilter.run(input, context);
    await inChunks(mask.length, context.signal, 1, (first, end) => {
      for (let i = first; i < end; i++) if (mask[i] === 0) filtered[i] = 0;
    });
    return filtered;
  },
};
