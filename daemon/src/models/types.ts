import type { ModelFacts, Warning } from '@chimerax-like/rpc';
import type { ModelColumns, ModelFormat } from '@locscale/native';

/** A model in memory. */
export interface Model {
  readonly path: string;
  readonly name: string;
  /** Its atoms, checked: every number is finite, elements have scattering factors, B and occupancy are at least 0. */
  readonly atoms: ModelColumns;
  readonly facts: ModelFacts;
  readonly warnings: readonly Warning[];
  /** The file as it was, unpacked: what stands there beside the atoms goes into files that are written from the model. */
  readonly source: { readonly text: Uint8Array; readonly format: ModelFormat };
}
