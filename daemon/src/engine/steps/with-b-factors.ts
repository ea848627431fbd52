import type { ModelColumns } from '@locscale/native';
import type { Step } from '../context.js';

export interface NewBFactors {
  readonly atoms: ModelColumns;
  /** Of every atom, Å². */
  readonly bFactors: Float32Array;
}

/** The same atoms with other B-factors. */
export const withBFactors: Step<NewBFactors, ModelColumns> = {
  name: 'withBFactors',
  version: 1,
  run: ({ atoms, bFactors }) => ({ ...atoms, bFactors }),
};
