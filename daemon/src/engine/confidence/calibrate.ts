import type { Calibrator } from '../../networks/index.js';

/** Expected error from the standard error of a Monte Carlo mean: linear between the knots, constant beyond them (emmernet.md 6). */
export function calibrate({ x, y }: Calibrator, error: number): number {
  const last = x.length - 1;
  if (!(error > (x[0] as number))) return y[0] as number;
  if (error >= (x[last] as number)) return y[last] as number;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= error) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [x[low], x[high], y[low], y[high]] as [number, number, number, number];
  return x1 > x0 ? y0 + ((error - x0) / (x1 - x0)) * (y1 - y0) : y1;
}

/**
 * Standard error of the mean as the calibrator knows it: for its own number of passes. With another number the variance is brought to
 * the expectation that it would have with the calibrator's.
 */
export function standardError(variance: number, passes: number, { samples }: Calibrator): number {
  const unbiased = passes > 1 ? passes / (passes - 1) : 1;
  const ofCalibrator = samples > 1 ? (samples - 1) / samples : 1;
  const expected = passes === samples ? variance : variance * unbiased * ofCalibrator;
  return Math.sqrt(Math.max(expected, 0) / samples);
}
