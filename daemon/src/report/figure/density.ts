/** Points of the axis of a distribution. */
const points = 160;

export interface Density {
  readonly axis: Float64Array;
  /** Integral 1 over the axis. */
  readonly values: Float64Array;
  readonly median: number;
  /** 10th and 90th percentile. */
  readonly tenth: number;
  readonly ninetieth: number;
  readonly count: number;
}

/**
 * Gaussian kernel density of samples on a common axis, with Silverman's bandwidth (Silverman 1986, equation 3.31):
 * 0.9 min(sd, IQR / 1.34) n^(-1/5).
 */
export function density(samples: ArrayLike<number>, axis: Float64Array): Density {
  const sorted = finiteSorted(samples);
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  const spread = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
  const step = (axis.at(-1) ?? 1) - (axis[0] ?? 0);
  // Samples that are all alike have no spread of their own.
  const bandwidth = 0.9 * (Math.min(sd, spread || sd) || step / points) * n ** -0.2;
  const values = axis.map(
    (x) =>
      sorted.reduce((sum, value) => sum + Math.exp(-0.5 * ((x - value) / bandwidth) ** 2), 0) /
      (n * bandwidth * Math.sqrt(2 * Math.PI)),
  );
  return {
    axis,
    values,
    median: quantile(sorted, 0.5),
    tenth: quantile(sorted, 0.1),
    ninetieth: quantile(sorted, 0.9),
    count: n,
  };
}

/** One axis for several sets of samples, from the 0.5th to the 99.5th percentile of all with a margin: far outliers would flatten the rest. */
export function commonAxis(sets: readonly ArrayLike<number>[]): Float64Array {
  const sorted = sets.map(finiteSorted).filter((set) => set.length > 0);
  if (sorted.length === 0) throw new Error('no sample is a number');
  const low = Math.min(...sorted.map((set) => quantile(set, 0.005)));
  const high = Math.max(...sorted.map((set) => quantile(set, 0.995)));
  const margin = 0.08 * (high - low) || Math.abs(low) / 10 || 1;
  return Float64Array.from({ length: points }, (_, i) => low - margin + ((high - low + 2 * margin) * i) / (points - 1));
}

const finiteSorted = (samples: ArrayLike<number>): Float64Array =>
  Float64Array.from(samples).filter(Number.isFinite).sort();

/** Linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return below + (at - Math.floor(at)) * (above - below);
}
