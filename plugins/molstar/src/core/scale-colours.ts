import { Color } from 'molstar/lib/mol-util/color/index.js';

/** Colours along a scale; drawn on the surface and in the legend from this one list, so that the two cannot differ. */
export interface Scale {
  readonly stops: readonly (readonly [fraction: number, colour: string])[];
  /** Values at the ends; beyond them the end colours hold. */
  readonly range: readonly [number, number];
}

/** The colour at a fraction of the scale, between stops linear in RGB. */
export function colourAt({ stops }: Scale, fraction: number): Color {
  const after = stops.findIndex(([at]) => at >= fraction);
  const to = stops[after === -1 ? stops.length - 1 : after];
  const from = stops[Math.max(0, (after === -1 ? stops.length : after) - 1)];
  if (to === undefined || from === undefined) return Color(0x808080);
  const width = to[0] - from[0];
  const t = width <= 0 ? 1 : Math.min(1, Math.max(0, (fraction - from[0]) / width));
  return Color.interpolate(Color.fromHexStyle(from[1]), Color.fromHexStyle(to[1]), t);
}

/** Equally spaced colours of a scale: Mol* looks colours up in a texture that knows no stops of unequal width. */
export function evenColours(scale: Scale, count = 101): Color[] {
  return Array.from({ length: count }, (_, i) => colourAt(scale, i / (count - 1)));
}
