import type { Calibrator } from './manifest.js';

/**
 * An error in units of the calibrated error as a deviate of a normal distribution, sign kept. Errors of maps have longer tails than
 * normal ones, so a calibrator can bring a curve that makes the normal probabilities true: linear between its knots, in proportion
 * beyond the last. Without a curve the error is its own deviate.
 */
export function normalDeviate({ deviates }: Calibrator, ratio: number): number {
  if (deviates === undefined) return ratio;
  const { seen, normal } = deviates;
  const size = Math.abs(ratio);
  const above = seen.findIndex((knot) => knot >= size);
  if (above === 0) return 0;
  const at = above < 0 ? seen.length - 1 : above;
  const from = above < 0 ? 0 : at - 1;
  const [s0, s1, n0, n1] = [seen[from], seen[at], normal[from], normal[at]] as [number, number, number, number];
  return Math.sign(ratio) * (n0 + ((size - s0) / (s1 - s0)) * (n1 - n0));
}
