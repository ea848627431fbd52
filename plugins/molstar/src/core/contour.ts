import { Volume } from 'molstar/lib/mol-model/volume.js';
import type { MapStatistics } from './map-statistics.js';

/** A contour level as the person chose it: in σ it follows the map when that is replaced, as a number it stays. */
export interface Level {
  readonly kind: 'sigma' | 'absolute';
  readonly value: number;
}

/** Level with which a map is first shown. */
export const firstLevel: Level = { kind: 'sigma', value: 2 };

export const toIsoValue = ({ kind, value }: Level): Volume.IsoValue =>
  kind === 'sigma' ? Volume.IsoValue.relative(value) : Volume.IsoValue.absolute(value);

export const fromIsoValue = (iso: Volume.IsoValue): Level =>
  iso.kind === 'relative'
    ? { kind: 'sigma', value: iso.relativeValue }
    : { kind: 'absolute', value: iso.absoluteValue };

/** Both ways to write a level: absolute = mean + σ-level × standard deviation (not × the root mean square about 0). */
export function bothScales(
  level: Level,
  { mean, sigma }: MapStatistics,
): { readonly sigma: number; readonly absolute: number } {
  return level.kind === 'sigma'
    ? { sigma: level.value, absolute: mean + level.value * sigma }
    : { sigma: sigma === 0 ? 0 : (level.value - mean) / sigma, absolute: level.value };
}

/** True when no voxel, or every voxel, lies above the level: Mol* then draws nothing and says nothing. */
export function isOutside(level: Level, statistics: MapStatistics): boolean {
  const { absolute } = bothScales(level, statistics);
  return absolute >= statistics.max || absolute <= statistics.min;
}
