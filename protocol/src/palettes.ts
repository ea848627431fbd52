/** A point of a palette: place in the range (0 its lower end, 1 its upper end) and colour `#rrggbb`. */
export type PaletteStop = readonly [place: number, colour: string];

export const paletteNames = ['confidence', 'viridis', 'turbo', 'red-white-blue', 'grayscale'] as const;
export type PaletteName = (typeof paletteNames)[number];

/** Colours at equal distances over the range. */
const evenly = (...colours: readonly string[]): readonly PaletteStop[] =>
  colours.map((colour, i): PaletteStop => [i / (colours.length - 1), colour]);

/**
 * The palettes that surfaces and legends are drawn from, in every viewer from the same stops; between two stops linear in
 * sRGB, beyond the ends constant.
 */
export const palettes: Readonly<Record<PaletteName, readonly PaletteStop[]>> = {
  /** LocScale's colours for its confidence score: stops at −95, −80, 0, 80 and 95 on the scale from −100 to 100. */
  confidence: [
    [0.025, '#0000ff'],
    [0.1, '#00ffff'],
    [0.5, '#00ff00'],
    [0.9, '#ffff00'],
    [0.975, '#ff0000'],
  ],
  /** Matplotlib's default, even in lightness and fit for colour-blind eyes. */
  viridis: evenly(
    '#440154',
    '#482878',
    '#3e4989',
    '#31688e',
    '#26828e',
    '#1f9e89',
    '#35b779',
    '#6ece58',
    '#b5de2b',
    '#fde725',
  ),
  turbo: evenly(
    '#30123b',
    '#4662d7',
    '#36aaf9',
    '#1ae4b6',
    '#72fe5e',
    '#c7ef34',
    '#faba39',
    '#f66b19',
    '#cb2a04',
    '#7a0403',
  ),
  'red-white-blue': evenly('#ff0000', '#ffffff', '#0000ff'),
  grayscale: evenly('#000000', '#ffffff'),
};

/** The range on which a palette has a meaning of its own; null: that of the values. */
export function naturalRange(name: PaletteName): readonly [number, number] | null {
  return name === 'confidence' ? [-100, 100] : null;
}
