import { LocScaleError } from '@chimerax-like/rpc';
import type { Graph } from '../graph.js';
import { localResolution } from '../steps/local-resolution.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { LocalSettings } from './sharpen.js';

export interface LocalParameters {
  readonly localResolution: boolean;
  readonly localFilter: boolean;
  readonly localCutoff: boolean;
  readonly threads?: number | undefined;
}

/** FSC at which the local resolution is read. */
const threshold = 0.143;

/** The local resolution of the half maps, where something is done with it. */
export function localSettings(
  graph: Graph,
  { halves, grid }: MapToSharpen,
  { mask }: MaskOfMap,
  { localResolution: wanted, localFilter: filter, localCutoff: cutoff, threads }: LocalParameters,
): LocalSettings | null {
  if (!wanted && !filter && !cutoff) return null;
  if (halves === null)
    throw new LocScaleError(
      'input.missing',
      `${filter ? '--local_filter' : cutoff ? '--local_cutoff' : '--local_resolution'} needs two half maps, and one map is given; give the half maps or leave the option out.`,
    );
  const given = { ...halves, grid, mask, windowSize: undefined, threshold, smoothing: undefined, threads };
  const resolution = graph.step(localResolution, given, { label: 'resolving locally', weight: 150 });
  return { resolution, filter, cutoff };
}
