import { byElement, factorsAt, type Scatterer } from './scattering.js';

/** Spherical averages of one structure's scattering at each frequency. */
export interface Amplitudes {
  /** Mean of |F|: what a profile of LocScale is. */
  readonly mean: Float64Array;
  /** Root of the mean of |F|²: what the Debye formula gives. */
  readonly rms: Float64Array;
}

/** Steps of the full axis. */
const steps = 510;

/**
 * Frequencies from 1/128 to 255/128 1/Å in equal steps: the published curve's axis, which ends at 1 1/Å with its 256th
 * point, and as much again, so that voxels down to 0.25 Å are covered.
 * @param every takes only each so many points (a divisor of 510), for quick tests
 */
export const frequencyAxis = (every = 1): Float64Array =>
  Float64Array.from({ length: steps / every + 1 }, (_, i) => 1 / 128 + ((1 - 1 / 128) * i * every) / (steps / 2));

/** Points of the published curve: the first half of our axis. */
export const publishedPoints = steps / 2 + 1;

/**
 * Directions spread evenly over half a sphere (Fibonacci lattice), packed as x, y, z. The other half gives nothing new:
 * |F(-k)| = |F(k)|.
 */
export const hemisphere = (count: number): Float64Array => {
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  const directions = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    const z = (i + 0.5) / count;
    const radius = Math.sqrt(1 - z * z);
    directions.set([radius * Math.cos(goldenAngle * i), radius * Math.sin(goldenAngle * i), z], 3 * i);
  }
  return directions;
};

/**
 * Mean and root mean square of |F| over directions, by summing over atoms: F(k) = Σ f_j exp(2πi k·r_j). No grid, so
 * nothing is interpolated. Along a ray frequencies are in equal steps, so each atom's phase factor is turned from one to
 * the next by one complex multiplication (its error after 510 turns is below 1e-13).
 * @param frequencies in equal steps (`frequencyAxis`)
 */
export const sphericalAmplitudes = (
  atoms: readonly Scatterer[],
  frequencies: Float64Array,
  directions: Float64Array,
): Amplitudes => {
  const groups = [...byElement(atoms)].map(([element, positions]) => ({
    positions,
    factors: factorsAt(element, frequencies),
  }));
  const points = frequencies.length;
  const first = frequencies[0] as number;
  const step = ((frequencies[points - 1] as number) - first) / (points - 1);
  const sums = { mean: new Float64Array(points), rms: new Float64Array(points) };
  const total = { re: new Float64Array(points), im: new Float64Array(points) };
  const part = { re: new Float64Array(points), im: new Float64Array(points) };
  for (let d = 0; d < directions.length; d += 3) {
    const [x, y, z] = directions.subarray(d, d + 3) as unknown as [number, number, number];
    total.re.fill(0);
    total.im.fill(0);
    for (const { positions, factors } of groups) {
      part.re.fill(0);
      part.im.fill(0);
      for (let a = 0; a < positions.length; a += 3) {
        const along =
          2 *
          Math.PI *
          (x * (positions[a] as number) + y * (positions[a + 1] as number) + z * (positions[a + 2] as number));
        addRay(part.re, part.im, along * first, along * step);
      }
      for (let i = 0; i < points; i++) {
        total.re[i] = (total.re[i] as number) + (factors[i] as number) * (part.re[i] as number);
        total.im[i] = (total.im[i] as number) + (factors[i] as number) * (part.im[i] as number);
      }
    }
    for (let i = 0; i < points; i++) {
      const power = (total.re[i] as number) ** 2 + (total.im[i] as number) ** 2;
      sums.mean[i] = (sums.mean[i] as number) + Math.sqrt(power);
      sums.rms[i] = (sums.rms[i] as number) + power;
    }
  }
  const count = directions.length / 3;
  return { mean: sums.mean.map((sum) => sum / count), rms: sums.rms.map((sum) => Math.sqrt(sum / count)) };
};

/** Adds exp(i (phase + n · step)) to the n-th sums. */
const addRay = (re: Float64Array, im: Float64Array, phase: number, step: number): void => {
  const turnRe = Math.cos(step);
  const turnIm = Math.sin(step);
  let c = Math.cos(phase);
  let s = Math.sin(phase);
  for (let i = 0; i < re.length; i++) {
    re[i] = (re[i] as number) + c;
    im[i] = (im[i] as number) + s;
    const next = c * turnRe - s * turnIm;
    s = c * turnIm + s * turnRe;
    c = next;
  }
};
