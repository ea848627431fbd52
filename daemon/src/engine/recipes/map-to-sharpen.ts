import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import type { Graph, Value } from '../graph.js';
import type { RecipeInputs } from '../messages.js';
import type { Compatibility } from '../resolution.js';
import { combineHalfMaps } from '../steps/combine-half-maps.js';
import { filterMap } from '../steps/filter-map.js';
import { type FscOutput, halfMapFsc } from '../steps/half-map-fsc.js';
import { fscGain } from '../steps/fsc-gain.js';
import { mapResolution } from '../steps/cutoffs.js';
import { meanVoxelSize } from '../voxel-size.js';
import { checkGrids, withVoxelSize } from './grids.js';
import { optionalSource, sourcePair } from './inputs.js';
import { openSource, type OpenedSource } from './open-source.js';

/** The map that a recipe works on. */
export interface MapToSharpen {
  /** The files it comes from; the first one's header is the model of all outputs. */
  readonly sources: readonly [OpenedSource, ...OpenedSource[]];
  /** With the voxel size that the user may have given. */
  readonly grid: Grid;
  readonly voxels: Value<Float32Array>;
  /** Null when one map was given. */
  readonly halves: { readonly half1: Value<Float32Array>; readonly half2: Value<Float32Array> } | null;
  /** Correlation of the half maps; null when one map was given. */
  readonly fsc: Value<FscOutput> | null;
}

export interface MapSettings {
  readonly voxelSize?: number | undefined;
  /** Weight the mean of the half maps by their FSC. */
  readonly fscFilter: boolean;
  readonly compatibility: Compatibility;
}

/** The one map that is given, or the mean of the half maps. */
export async function openMapToSharpen(
  graph: Graph,
  inputs: RecipeInputs,
  settings: MapSettings,
): Promise<MapToSharpen> {
  const { voxelSize, compatibility, fscFilter } = settings;
  const single = optionalSource(inputs, 'map');
  if (single !== undefined) {
    if (fscFilter)
      throw new LocScaleError(
        'input.parameter',
        'Weighting by the FSC (--apply_fsc_filter) needs two half maps, and one map is given; give the half maps or leave the option out.',
      );
    const map = await openSource(graph, 'map', single);
    return { sources: [map], grid: withVoxelSize(map.grid, voxelSize), voxels: map.voxels, halves: null, fsc: null };
  }
  const pair = sourcePair(inputs, 'halfMaps');
  const half1 = await openSource(graph, 'half map 1', pair[0]);
  const half2 = await openSource(graph, 'half map 2', pair[1]);
  checkGrids({ 'half map 1': half1.grid, 'half map 2': half2.grid }, graph.warn);
  const grid = withVoxelSize(half1.grid, voxelSize);
  const halves = { half1: half1.voxels, half2: half2.voxels };
  const mean = graph.step(combineHalfMaps, halves, { label: 'combining the half maps', weight: 1 });
  const correlating = { label: 'correlating the half maps', weight: 60 };
  const fsc = graph.step(halfMapFsc, { ...halves, grid, seed: 1, compatibility }, correlating);
  if (!fscFilter) return { sources: [half1, half2], grid, voxels: mean, halves, fsc };
  const weighting = { label: 'weighting the map by the FSC', weight: 60 };
  const filter = graph.step(fscGain, { curve: graph.part(fsc, 'curve'), compatibility }, { ...weighting, weight: 0 });
  const voxels = graph.step(filterMap, { map: mean, grid, filter }, weighting);
  return { sources: [half1, half2], grid, voxels, halves, fsc };
}

/** Resolution of the map in Å where the user gives none. */
export function resolutionOf(graph: Graph, { fsc, grid }: MapToSharpen): Value<number> {
  const given = { fsc: fsc ?? undefined, voxelSize: meanVoxelSize(grid) };
  return graph.step(mapResolution, given, { label: 'resolution of the map', weight: 0 });
}
