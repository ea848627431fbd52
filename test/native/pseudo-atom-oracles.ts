import type { Shape } from '@locscale/native';
import { between, type Triple } from './pseudo-atom-cases.js';

/** Reads a voxel, the nearest one of the box. */
const reader =
  (map: Float32Array, [nz, ny, nx]: Shape) =>
  (x: number, y: number, z: number): number => {
    const inBox = (i: number, n: number): number => Math.min(Math.max(i, 0), n - 1);
    return map[(inBox(z, nz) * ny + inBox(y, ny)) * nx + inBox(x, nx)] ?? NaN;
  };

/** Differences as numpy.gradient takes them. */
function numpyGradient(map: Float32Array, shape: Shape, [x, y, z]: Triple): Triple {
  const at = reader(map, shape);
  const [nz, ny, nx] = shape;
  const slope = (i: number, n: number, value: (i: number) => number): number =>
    (value(Math.min(i + 1, n - 1)) - value(Math.max(i - 1, 0))) / (i === 0 || i === n - 1 ? 1 : 2);
  return [slope(x, nx, (i) => at(i, y, z)), slope(y, ny, (i) => at(x, i, z)), slope(z, nz, (i) => at(x, y, i))];
}

const evenRound = (value: number): number => {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
};
const times = (v: Triple, f: number): Triple => [v[0] * f, v[1] * f, v[2] * f];
const plus = (a: Triple, b: Triple): Triple => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const capped = (v: Triple): Triple => (Math.hypot(...v) > 100 ? times(v, 100 / Math.hypot(...v)) : v);

/** LocScale's gradient solver as the formulas of its description have it (models.md 3), all pairs of atoms. */
export function locscaleStepping(
  task: { readonly map: Float32Array; readonly mask: Float32Array; readonly shape: Shape; readonly distance: number },
  start: readonly Triple[],
  iterations: number,
): readonly Triple[] {
  const { map, mask, shape, distance } = task;
  const [nz, ny, nx] = shape;
  let steepest = 0;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const weight = mask[(z * ny + y) * nx + x] ?? 0;
        if (weight > 0) steepest = Math.max(steepest, weight * Math.hypot(...numpyGradient(map, shape, [x, y, z])));
      }
  const weight = evenRound(100 / steepest);
  let [before, here, speed] = [start, start, start.map((): Triple => [0, 0, 0])];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const acceleration = here.map((p, i) => {
      const voxel: Triple = [
        Math.min(Math.max(evenRound(p[0]), 0), nx - 1),
        Math.min(Math.max(evenRound(p[1]), 0), ny - 1),
        Math.min(Math.max(evenRound(p[2]), 0), nz - 1),
      ];
      const pull = capped(times(numpyGradient(map, shape, voxel), weight));
      let push: Triple = [0, 0, 0];
      here.forEach((q, j) => {
        const r = between(p, q);
        if (i === j || r > 3 * distance) return;
        const force = (-12 * distance ** 6 * (r ** 6 - distance ** 6)) / r ** 13;
        push = plus(push, times(plus(p, times(q, -1)), force / r));
      });
      return plus(plus(pull, capped(push)), times(speed[i] ?? [0, 0, 0], -10));
    });
    const next = here.map((p, i): Triple => {
      const a = acceleration[i] ?? [0, 0, 0];
      if (iteration === 0) return plus(p, times(a, 0.01));
      return plus(plus(times(p, 2), times(before[i] ?? p, -1)), times(a, 0.01));
    });
    speed = next.map((p, i) =>
      iteration === 0 ? times(acceleration[i] ?? [0, 0, 0], 0.1) : times(plus(p, times(before[i] ?? p, -1)), 5),
    );
    [before, here] = [here, next];
  }
  return here;
}

/** Cubic convolution with a = -1/2 (Keys 1981), from its kernel. */
function keys(t: number): number {
  const s = Math.abs(t);
  if (s < 1) return 1.5 * s ** 3 - 2.5 * s ** 2 + 1;
  return s < 2 ? -0.5 * s ** 3 + 2.5 * s ** 2 - 4 * s + 2 : 0;
}

export function mapAt(map: Float32Array, shape: Shape, [x, y, z]: Triple): number {
  const at = reader(map, shape);
  let sum = 0;
  for (let k = Math.floor(z) - 1; k <= Math.floor(z) + 2; k++)
    for (let j = Math.floor(y) - 1; j <= Math.floor(y) + 2; j++)
      for (let i = Math.floor(x) - 1; i <= Math.floor(x) + 2; i++)
        sum += keys(x - i) * keys(y - j) * keys(z - k) * at(i, j, k);
  return sum;
}

/** Energy of two atoms as docs/pseudo-models.md has it; r in units of the preferred distance. */
function pairEnergy(r: number): number {
  if (r > 3) return 0;
  const lennardJones = (s: number): number => s ** -12 - 2 * s ** -6;
  const farSlope = (-12 * (3 ** -12 - 3 ** -6)) / 3;
  const smooth = lennardJones(3) + (farSlope / 6) * (r ** 2 - 9);
  const wall = r < 1.05 ? 2000 * (1.05 - r) ** 2 : 0;
  return (r < 1 ? -1 + 36 * (1 - r) ** 2 : lennardJones(r)) + wall - smooth;
}

/** Energy of all atoms, every pair of them. */
export function energyOf(
  task: {
    readonly map: Float32Array;
    readonly mask: Float32Array;
    readonly shape: Shape;
    readonly distance: number;
  },
  atoms: readonly Triple[],
): number {
  const { map, mask, shape, distance } = task;
  const [nz, ny, nx] = shape;
  let steepest = 0;
  for (let z = 2; z < nz - 2; z++)
    for (let y = 2; y < ny - 2; y++)
      for (let x = 2; x < nx - 2; x++)
        if ((mask[(z * ny + y) * nx + x] ?? 0) >= 0.99)
          steepest = Math.max(steepest, Math.hypot(...numpyGradient(map, shape, [x, y, z])));
  let energy = 0;
  atoms.forEach((p, i) => {
    if (steepest > 0) energy -= (100 / steepest) * mapAt(map, shape, p);
    for (const q of atoms.slice(i + 1)) energy += pairEnergy(between(p, q) / distance);
  });
  return energy;
}
