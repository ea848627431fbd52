/** Values of the normal distribution by a table: its integral with steps of 1/512 standard deviations, linear in between (error below 10⁻⁶). */
const [stepsPerSd, farthest] = [512, 8];
const integral = tabulate();

/** Probability that a standard normal number lies within ± z. */
export function withinSd(z: number): number {
  const at = Math.min(Math.abs(z), farthest) * stepsPerSd;
  const below = Math.min(Math.floor(at), integral.length - 2);
  const [low, high] = [integral[below] as number, integral[below + 1] as number];
  return low + (at - below) * (high - low);
}

/** The z within which a normal number lies with probability p. */
export function sdWithin(p: number): number {
  let [low, high] = [0, farthest];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (withinSd(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Simpson's rule over each step. */
function tabulate(): Float64Array {
  const table = new Float64Array(farthest * stepsPerSd + 1);
  const density = (z: number): number => Math.sqrt(2 / Math.PI) * Math.exp(-(z * z) / 2);
  for (let i = 1; i < table.length; i++) {
    const [from, to] = [(i - 1) / stepsPerSd, i / stepsPerSd];
    const area = density(from) + 4 * density((from + to) / 2) + density(to);
    table[i] = (table[i - 1] as number) + area / (6 * stepsPerSd);
  }
  return table;
}
