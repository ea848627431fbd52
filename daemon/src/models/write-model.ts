import { writeModelText, type ModelColumns } from '@locscale/native';
import { writeAtomically, writeFully } from '../volumes/atomic-file.js';
import type { Model } from './types.js';

/** Atoms to write, and the file whose metadata go with them; without one only the atoms are written. */
export interface ModelContent {
  readonly atoms: ModelColumns;
  readonly source: Model['source'] | null;
}

/**
 * Writes a model as mmCIF in one atomic step. What the source says of the model is kept; positions, B-factors and
 * occupancies are those of `atoms`; anisotropic tensors and further models go.
 */
export async function writeModel(path: string, { atoms, source }: ModelContent): Promise<void> {
  const text = await writeModelText(atoms, source);
  await writeAtomically(path, text.length, (handle) => writeFully(handle, text));
}
