import type { Grid } from '@chimerax-like/rpc';
import { type Atoms, type ModelCopies, simulateModel } from '@locscale/native';
import type { Step } from '../context.js';
import { scatterers } from '../pseudo-model/scatterers.js';

export interface SimulateMapInput {
  readonly atoms: Atoms;
  /** 1 for pseudo-atoms, which scatter as the mean atom of a protein; undefined: there are none. */
  readonly pseudo: Uint8Array | undefined;
  readonly grid: Grid;
  /** Cut-off of a low-pass at the end, Å; without one the map ends at its Nyquist frequency. */
  readonly resolution: number | undefined;
  /** B-factor for sampling, Å² (docs/models.md); without one what the voxel size asks for. */
  readonly blur: number | undefined;
  /** Copies by symmetry. */
  readonly copies: ModelCopies | undefined;
  readonly threads: number | undefined;
}

export interface SimulatedMap {
  readonly voxels: Float32Array;
  /** The blur that was used, Å². */
  readonly blur: number;
  /** Atoms outside the box, which were left out. */
  readonly outside: number;
}

/** The map that a model stands for, on a given grid. */
export const simulateMap: Step<SimulateMapInput, SimulatedMap> = {
  name: 'simulateMap',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async ({ atoms, pseudo, grid, resolution, blur, copies, threads }, { signal, report }) => {
    const options = { resolution, blur, copies, threads, signal, onProgress: report };
    const { map, ...rest } = await simulateModel(scatterers(atoms, pseudo), grid, options);
    return { voxels: map, ...rest };
  },
};
