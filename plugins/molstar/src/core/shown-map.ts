import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { Color } from 'molstar/lib/mol-util/color/index.js';
import { bothScales, fromIsoValue, isOutside } from './contour.js';
import { DaemonVolume, type DaemonVolumeParams } from './daemon-volume.js';
import type { MapSource } from './map-source.js';
import type { MapStatistics } from './map-statistics.js';
import type { MapStore } from './map-store.js';
import { type Colouring, type Look, type SurfaceParams, surfaceRef } from './surface.js';
import type { Veil } from './veil.js';

/** A map of the scene as the state tree has it. */
export interface ShownMap {
  readonly slot: string;
  readonly role: string;
  readonly label: string;
  readonly version: number;
  readonly source: MapSource | undefined;
  readonly statistics: MapStatistics | undefined;
  readonly veils: readonly Veil[];
  /** Undefined for maps without a surface: those that only colour or hide. */
  readonly look: Look | undefined;
  /** The level in both scales. */
  readonly level: { readonly sigma: number; readonly absolute: number } | undefined;
  /** The level lies outside the map's values, so that nothing is drawn. */
  readonly outside: boolean;
  /** Why it could not be drawn. */
  readonly problem: string | undefined;
}

/** Reads all maps of ours from the state tree, in order of adding. */
export function readShown(plugin: PluginContext, store: MapStore): readonly ShownMap[] {
  const maps: ShownMap[] = [];
  for (const cell of plugin.state.data.cells.values()) {
    if (cell.transform.transformer !== DaemonVolume) continue;
    const params = (cell.params?.values ?? cell.transform.params) as DaemonVolumeParams | undefined;
    if (params === undefined) continue;
    const surface = plugin.state.data.cells.get(surfaceRef(params.slot));
    const look =
      surface === undefined ? undefined : readLook(surface.transform.params as SurfaceParams, !surface.state.isHidden);
    const statistics = store.get(params.slot)?.statistics;
    const failed = [cell, surface].find((each) => each?.status === 'error');
    maps.push({
      ...{ slot: params.slot, role: params.role, label: params.label, version: params.version },
      ...{ source: params.source, veils: params.veils, statistics, look },
      level: look && statistics && bothScales(look.level, statistics),
      outside: look !== undefined && statistics !== undefined && isOutside(look.level, statistics),
      problem: failed?.errorText,
    });
  }
  return maps;
}

function readLook({ type, colorTheme }: SurfaceParams, visible: boolean): Look {
  return {
    level: fromIsoValue(type.params.isoValue),
    opacity: type.params.alpha,
    visible,
    colouring: readColouring(colorTheme),
  };
}

function readColouring({ name, params }: SurfaceParams['colorTheme']): Colouring {
  if (name !== 'external-volume')
    return { kind: 'plain', colour: Color.toHexStyle((params['value'] ?? Color(0)) as Color) };
  const { ref } = params['volume'] as { readonly ref: string };
  const { params: coloring } = params['coloring'] as {
    readonly params: {
      readonly domain: { readonly params: readonly [number, number] };
      readonly list: { readonly colors: readonly (Color | readonly [Color, number])[] };
    };
  };
  const { colors } = coloring.list;
  const stops = colors.map((entry, i): [number, string] =>
    Array.isArray(entry)
      ? [entry[1] as number, Color.toHexStyle(entry[0] as Color)]
      : [i / Math.max(1, colors.length - 1), Color.toHexStyle(entry as Color)],
  );
  return { kind: 'by', slot: ref.replace(/^locscale:map:/, ''), scale: { stops, range: coloring.domain.params } };
}
