import type { Grid } from '@chimerax-like/rpc';
import type { Step } from '../context.js';
import { contour, type Contour } from '../statistics/contour.js';
import { debyeSlope, type DebyeSlope } from '../statistics/debye.js';
import { localMoments, type LocalMoments } from '../statistics/local-moments.js';
import { similarity, type Similarity } from '../statistics/similarity.js';
import { mapMoments, type Moments } from './map-moments.js';

export interface MapStatisticsInput {
  readonly map: Float32Array;
  readonly grid: Grid;
  /** 0 to 1 on the same grid; a voxel belongs to it from 0.5 on. */
  readonly mask?: Float32Array | undefined;
  readonly reference?: Float32Array | undefined;
  /** Å. */
  readonly resolution?: number | undefined;
  /** Of the places of the windows. */
  readonly seed: number;
}

/** Numbers that describe a map (scaling.md 14); null where an input for them is missing or they are not defined. */
export interface MapStatistics {
  readonly moments: Moments;
  /** Moments of map times mask. */
  readonly momentsInMask: Moments | null;
  readonly local: LocalMoments;
  readonly contour: Contour | null;
  readonly debye: DebyeSlope | null;
  readonly similarity: Similarity | null;
}

/** Moments, surface, bend of the Wilson plot and likeness to a reference. Memory beyond the inputs: 28 bytes a voxel. */
export const mapStatistics: Step<MapStatisticsInput, MapStatistics> = {
  name: 'mapStatistics',
  version: 1,
  run: async ({ map, grid, mask, reference, resolution, seed }, context) => {
    const { signal, report } = context;
    const moments = await mapMoments.run({ voxels: map }, context);
    const momentsInMask = mask === undefined ? null : await mapMoments.run({ voxels: map, mask }, context);
    report(0.15);
    const local = await localMoments(map, grid, mask, seed, signal);
    report(0.25);
    const debye = resolution === undefined ? null : await debyeSlope(map, grid, resolution, signal);
    report(0.4);
    const alike = reference === undefined ? null : await similarity(map, reference, grid, mask, signal);
    report(0.55);
    const maskVoxels = mask === undefined ? 0 : mask.reduce((sum, value) => sum + (value >= 0.5 ? 1 : 0), 0);
    // The steps inside tell a share of their own.
    const quiet = { ...context, report: () => undefined };
    return {
      moments,
      momentsInMask,
      local,
      contour: maskVoxels === 0 ? null : await contour(map, grid, maskVoxels, quiet),
      debye,
      similarity: alike,
    };
  },
};
