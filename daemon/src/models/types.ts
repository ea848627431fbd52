import type { Warning } from '@chimerax-like/rpc';
import type { ModelColumns, ModelFormat } from '@locscale/native';

/** What is said of a model's atoms in numbers. */
export interface ModelFacts {
  readonly atoms: number;
  readonly residues: number;
  readonly chains: number;
  readonly hydrogens: number;
  readonly waters: number;
  /** Atoms with alternate conformations. */
  readonly alternates: number;
  /** Atoms with an anisotropic tensor in the file. */
  readonly anisotropic: number;
  /** Models in the file; the atoms are those of the first. */
  readonly models: number;
  /** Smallest and largest B-factor, Å². */
  readonly bFactors: readonly [least: number, most: number];
}

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
