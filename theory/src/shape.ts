/** Straight Wilson plot of a profile: ln a = intercept + slope f², by least squares. */
export interface WilsonLine {
  readonly intercept: number;
  readonly slope: number;
}

/** Fits ln a against f² over frequencies between 1/`low` and 1/`high` (resolutions in Å). */
export const wilsonLine = (
  amplitudes: ArrayLike<number>,
  frequencies: Float64Array,
  low: number,
  high: number,
): WilsonLine => {
  const points = [...frequencies.keys()]
    .filter((i) => (frequencies[i] as number) >= 1 / low && (frequencies[i] as number) <= 1 / high)
    .map((i) => ({ x: (frequencies[i] as number) ** 2, y: Math.log(amplitudes[i] as number) }));
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean((point) => point.x);
  const y = mean((point) => point.y);
  const slope = mean((p) => (p.x - x) * (p.y - y)) / mean((p) => (p.x - x) ** 2);
  return { slope, intercept: y - slope * x };
};

/** ln of a profile over its own Wilson line, at every frequency. */
export const wilsonDeviation = (
  amplitudes: ArrayLike<number>,
  frequencies: Float64Array,
  low: number,
  high: number,
): Float64Array => {
  const { slope, intercept } = wilsonLine(amplitudes, frequencies, low, high);
  return frequencies.map((f, i) => Math.log(amplitudes[i] as number) - intercept - slope * f * f);
};

/** The range in which profiles are compared, Å: the deviations that scaling uses lie in it. */
export const compared = { low: 10, high: 2 };

const comparedBins = (frequencies: Float64Array): number[] =>
  [...frequencies.keys()].filter((i) => {
    const f = frequencies[i] as number;
    return f >= 1 / compared.low && f <= 1 / compared.high;
  });

export interface Shape {
  /** B (Å²) of the Wilson line; the fall of the scattering factors is in it, since atoms are at rest. */
  readonly wilsonB: number;
  /** The highest point above the line between 6.5 and 3.8 Å, where helices' and sheets' repeats lie. */
  readonly peak: { readonly resolution: number; readonly height: number };
}

/** Where the curve stands out from its Wilson line. */
export const describeShape = (amplitudes: ArrayLike<number>, frequencies: Float64Array): Shape => {
  const deviation = wilsonDeviation(amplitudes, frequencies, compared.low, compared.high);
  const range = [...frequencies.keys()].filter(
    (i) => (frequencies[i] as number) > 1 / 6.5 && (frequencies[i] as number) < 1 / 3.8,
  );
  const top = range.reduce((a, b) => ((deviation[b] as number) > (deviation[a] as number) ? b : a));
  return {
    wilsonB: -4 * wilsonLine(amplitudes, frequencies, compared.low, compared.high).slope,
    peak: { resolution: 1 / (frequencies[top] as number), height: deviation[top] as number },
  };
};

/** How two curves differ once each has lost its scale and B: rms of the difference of ln a, and the correlation of the deviations. */
export const compareShapes = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  frequencies: Float64Array,
): { readonly rms: number; readonly correlation: number } => {
  const [u, v] = [a, b].map((curve) => wilsonDeviation(curve, frequencies, compared.low, compared.high)) as [
    Float64Array,
    Float64Array,
  ];
  // Deviations from least-squares lines have mean 0 over the bins of the fit.
  const sum = (of: (i: number) => number): number => comparedBins(frequencies).reduce((total, i) => total + of(i), 0);
  const uv = sum((k) => (u[k] as number) * (v[k] as number));
  const uu = sum((k) => (u[k] as number) ** 2);
  const vv = sum((k) => (v[k] as number) ** 2);
  const square = sum((k) => ((u[k] as number) - (v[k] as number)) ** 2);
  return { rms: Math.sqrt(square / comparedBins(frequencies).length), correlation: uv / Math.sqrt(uu * vv) };
};
