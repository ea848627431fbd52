import type { Atoms } from '@locscale/native';
import { randomNumbers } from '../../native/helpers.js';

/** International Tables C, table 4.3.2.2, for the elements of proteins: a and b of five Gaussians, copied by hand from the page. */
const factors: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  6: [
    [0.0893, 0.2465],
    [0.2563, 1.71],
    [0.757, 6.4094],
    [1.0487, 18.6113],
    [0.3575, 50.2523],
  ],
  7: [
    [0.1022, 0.2451],
    [0.3219, 1.7481],
    [0.7982, 6.1925],
    [0.8197, 17.3894],
    [0.1715, 48.1431],
  ],
  8: [
    [0.0974, 0.2067],
    [0.2921, 1.3815],
    [0.691, 4.6943],
    [0.699, 12.7105],
    [0.2039, 32.4726],
  ],
};

/** Random atoms of carbon, nitrogen and oxygen in a cube from `from` to `to` Å. */
export function randomAtoms(count: number, from: number, to: number, seed: number, leastB = 20): Atoms {
  const random = randomNumbers(seed);
  return {
    positions: Float64Array.from({ length: 3 * count }, () => from + (to - from) * random()),
    elements: Uint8Array.from({ length: count }, () => 6 + Math.floor(3 * random())),
    bFactors: Float32Array.from({ length: count }, () => leastB + 60 * random()),
    occupancies: Float32Array.from({ length: count }, () => 0.25 + 0.75 * random()),
  };
}

/** The coefficient F(h) of a box: the sum over atoms in double precision, and nothing else. `s` in 1/Å. */
export function coefficientOf(atoms: Atoms, s: readonly [number, number, number]): readonly [re: number, im: number] {
  const square = s[0] ** 2 + s[1] ** 2 + s[2] ** 2;
  let [re, im] = [0, 0];
  atoms.elements.forEach((element, i) => {
    const b = atoms.bFactors[i] ?? 0;
    const f = (factors[element] ?? []).reduce((sum, [a, width]) => sum + a * Math.exp((-(width + b) * square) / 4), 0);
    const [x, y, z] = [0, 1, 2].map((axis) => atoms.positions[3 * i + axis] ?? 0) as [number, number, number];
    const phase = -2 * Math.PI * (s[0] * x + s[1] * y + s[2] * z);
    const weight = f * (atoms.occupancies[i] ?? 0);
    re += weight * Math.cos(phase);
    im += weight * Math.sin(phase);
  });
  return [re, im];
}
