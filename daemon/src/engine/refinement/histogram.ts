/** How many atoms have which B-factor. */
export interface Histogram {
  /** Lower edge of the first bin and width of each, Å². */
  readonly first: number;
  readonly width: number;
  readonly counts: readonly number[];
}

const mostBins = 15;

/** Bins of a round width: 1, 2 or 5 times a power of ten. */
export function binsOf(values: Float32Array): Histogram {
  const [least, most] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), 0)];
  if (values.length === 0) return { first: 0, width: 1, counts: [] };
  const rough = Math.max((most - least) / mostBins, 0.1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= rough) ?? 10 * power;
  const first = Math.floor(least / width) * width;
  const counts = Array.from({ length: Math.floor((most - first) / width) + 1 }, () => 0);
  for (const value of values) {
    const bin = Math.min(Math.floor((value - first) / width), counts.length - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { first, width, counts };
}

/** One line a bin, for a terminal. */
export function histogramLines({ first, width, counts }: Histogram): readonly string[] {
  const longest = 40;
  const most = Math.max(...counts, 1);
  const digits = width < 1 ? 1 : 0;
  const edge = (bin: number): string => (first + bin * width).toFixed(digits).padStart(6);
  return counts.map(
    (count, bin) =>
      `${edge(bin)} – ${edge(bin + 1)} ${'#'.repeat(Math.round((longest * count) / most)).padEnd(longest)} ${count}`,
  );
}
