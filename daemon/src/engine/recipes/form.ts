import type { Graph, Value } from '../graph.js';
import { nyquistCutoff } from '../steps/cutoffs.js';
import { theory } from '../steps/theory.js';
import { meanVoxelSize } from '../voxel-size.js';
import { fitStartOf } from './facts.js';
import { type MapToSharpen, resolutionOf } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { Sharpening } from './sharpen.js';

export interface FormSettings {
  readonly form: 'atomic' | 'theoretical' | 'hybrid';
  /** Fit local B-factors in the atomic form, too. */
  readonly measureBfactors: boolean;
  /** Factor on the deviation from the Wilson plot, of the theoretical form. */
  readonly boost: number;
  readonly resolution?: number | undefined;
  readonly wilsonCutoff?: number | undefined;
  /** Of the hybrid form. */
  readonly differenceMask?: Value<Uint8Array> | undefined;
}

/** How windows are scaled against a reference: what the user says, and for the rest what the data say. */
export function formOf(
  graph: Graph,
  map: MapToSharpen,
  mask: MaskOfMap,
  windowSize: number,
  { form, measureBfactors, boost, resolution, wilsonCutoff: given, differenceMask }: FormSettings,
): Sharpening['form'] {
  const { grid } = map;
  const voxelSize = meanVoxelSize(grid);
  const fscCutoff = resolution ?? resolutionOf(graph, map);
  if (form === 'atomic') return { form, voxelSize, ...(measureBfactors ? { measureBfactors, fscCutoff } : {}) };
  const fit = { end: nyquistCutoff(voxelSize), windowSize, voxelSize };
  const wilsonCutoff = given ?? fitStartOf(graph, mask.wilson(grid), fit);
  const curve = graph.step(theory, { windowSize, voxelSize }, { label: 'theoretical profile', weight: 0 });
  return { form, voxelSize, fscCutoff, wilsonCutoff, nyquistCutoff: fit.end, boost, theory: curve, differenceMask };
}
