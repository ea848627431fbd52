import { type Colouring as SharedColouring, type Layer, palettes, type SceneMap } from '@chimerax-like/rpc';
import type { Level } from './contour.js';
import { levelEnclosing, shareEnclosed } from './enclosed.js';
import type { LoadedMap } from './map-store.js';
import type { Scale } from './scale-colours.js';
import type { Veil } from './veil.js';

/** Colour of a surface that nobody gave one, by role. */
export const ownColours: Readonly<Record<Layer['role'], string>> = {
  original: '#a9b4be',
  result: '#6f9fd8',
  context: '#e0a458',
  mask: '#cfcf7a',
  confidence: '#8fbf8f',
  measure: '#8fbf8f',
};

export const ownColour = ({ role }: Layer): string => ownColours[role];

/** Share of the box that an original map is shown to enclose when nobody has chosen a level. */
const firstShare = 0.01;

/**
 * The level with which a layer is drawn. Where nobody chose one: an original encloses 1 % of its box, a result the same volume
 * as its original does, masks lie half-way, a context at its threshold.
 */
export function levelOf(
  layer: Layer,
  loaded: LoadedMap,
  original: { readonly loaded: LoadedMap; readonly level: Level } | undefined,
): Level {
  if (layer.role === 'context') return { kind: 'absolute', value: layer.threshold ?? 0.5 };
  if (layer.level !== null) return layer.level;
  if (layer.role === 'mask') return { kind: 'absolute', value: 0.5 };
  const share = layer.role === 'result' && original ? shareEnclosed(original.level, original.loaded) : firstShare;
  return levelEnclosing(share, loaded);
}

export const scaleOf = ({ palette, range }: SharedColouring): Scale => ({ stops: palettes[palette], range });

/** Density layers are what is looked at; all others explain them. */
export const isDensity = ({ role }: Layer): boolean => role === 'original' || role === 'result';

/** Layers that cut a density: confidence with a threshold, context that is switched off. */
export function veilsOver(density: Layer, map: SceneMap, slotOf: (layer: Layer) => string): readonly Veil[] {
  return map.layers.flatMap((layer): Veil[] => {
    if (layer.role === 'confidence' && layer.threshold !== null && density.role === 'result')
      return [{ by: slotOf(layer), rule: 'doubtful', threshold: layer.threshold }];
    // A map from which the context was subtracted has none left.
    if (layer.role === 'context' && !layer.visible && density.name !== 'cleaned')
      return [{ by: slotOf(layer), rule: 'at-least', threshold: layer.threshold ?? 0.5 }];
    return [];
  });
}
