import type { Grid } from '@chimerax-like/rpc';
import { type ModelCopies, simulateModel } from '@locscale/native';
import type { Model } from '../../models/index.js';
import type { Step } from '../context.js';

export interface SimulateMapInput {
  readonly model: Model;
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
  run: async ({ model, grid, resolution, blur, copies, threads }, { signal, report }) => {
    const options = { resolution, blur, copies, threads, signal, onProgress: report };
    const { map, ...rest } = await simulateModel(model.atoms, grid, options);
    return { voxels: map, ...rest };
  },
};
