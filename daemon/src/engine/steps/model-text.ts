import { type ModelColumns, writeModelText } from '@locscale/native';
import type { Model } from '../../models/index.js';
import type { Step } from '../context.js';

export interface ModelTextInput {
  readonly atoms: ModelColumns;
  /** The file whose metadata go along; null for atoms that come from none. */
  readonly source: Model['source'] | null;
}

/** A model as the text of an mmCIF file. */
export const modelText: Step<ModelTextInput, Uint8Array> = {
  name: 'modelText',
  version: 1,
  run: ({ atoms, source }) => writeModelText(atoms, source),
};
