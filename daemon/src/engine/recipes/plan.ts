import type { Graph } from '../graph.js';
import { flagsOf } from '../report/record.js';
import { checkGrids } from './grids.js';
import { type LocalParameters, localSettings } from './local.js';
import type { MapToSharpen } from './map-to-sharpen.js';
import type { MaskOfMap } from './mask-of-map.js';
import type { OpenedSource } from './open-source.js';
import type { Sharpening } from './sharpen.js';
import { chooseWindow } from './window.js';

/** Parameters that every sharpening recipe has. */
export interface CommonParameters extends LocalParameters {
  readonly windowSize?: number | undefined;
  readonly profile: 'octant' | 'shell';
  readonly audit: boolean;
  readonly smoothFactor: number;
  readonly report: boolean;
  readonly reportName?: string | undefined;
}

/** The contract of a recipe, as far as plans need it. */
export interface SharpeningDescriptor {
  readonly name: string;
  readonly parameters: { readonly shape: Parameters<typeof flagsOf>[0] };
}

export type CommonPlan = Pick<
  Sharpening,
  'recipe' | 'parameters' | 'windowSize' | 'profile' | 'threads' | 'map' | 'mask' | 'audit' | 'report' | 'local'
>;

/** What all sharpening recipes plan alike; checks the grids of all inputs first. `others`: maps beside those to sharpen. */
export function commonPlan(
  graph: Graph,
  { name, parameters: { shape } }: SharpeningDescriptor,
  parameters: CommonParameters,
  map: MapToSharpen,
  mask: MaskOfMap,
  others: readonly OpenedSource[] = [],
): CommonPlan {
  const sources = [map.sources[0], ...others, ...(mask.source === null ? [] : [mask.source])];
  checkGrids(Object.fromEntries(sources.map((source) => [source.name, source.grid])), graph.warn);
  const { profile, threads, audit, smoothFactor, report, reportName } = parameters;
  return {
    recipe: name,
    parameters: { ...parameters },
    windowSize: chooseWindow(map.grid, parameters.windowSize, graph.warn),
    profile,
    threads,
    map,
    mask,
    audit: audit || report ? { smoothFactor } : null,
    report: report ? { name: reportName, flags: flagsOf(shape) } : null,
    local: localSettings(graph, map, mask, parameters),
  };
}
