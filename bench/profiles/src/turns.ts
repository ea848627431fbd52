import type { Random } from '../../../demo/dist/random.js';
import type { Atom } from '../../../demo/dist/structure/atom.js';
import type { Vec3 } from '../../../demo/dist/structure/vector.js';

type Shape = readonly [z: number, y: number, x: number];

/**
 * Ways to turn axes round, one for each kind of octant: turning all three round makes each frequency its conjugate, so
 * the other four give the profiles of these.
 */
export const turns = {
  'as it is': [false, false, false],
  'x turned round': [false, false, true],
  'y turned round': [false, true, false],
  'z turned round': [true, false, false],
} as const satisfies Readonly<Record<string, readonly [z: boolean, y: boolean, x: boolean]>>;

export type Turn = keyof typeof turns;
export const turnNames = Object.keys(turns) as readonly Turn[];

/** The array with axes turned round about index 0, which stays (index i becomes n - i). Twice gives the array again. */
export const turned = <A extends Float32Array | Uint8Array>(array: A, [nz, ny, nx]: Shape, turn: Turn): A => {
  const [turnZ, turnY, turnX] = turns[turn];
  const at = (i: number, n: number, turnIt: boolean): number => (turnIt ? (n - i) % n : i);
  const result = array.slice() as A;
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++)
        result[i] = array[(at(z, nz, turnZ) * ny + at(y, ny, turnY)) * nx + at(x, nx, turnX)] as number;
  return result;
};

/** The atoms turned by a random rotation, all orientations alike (a random unit quaternion). */
export const randomlyOriented = (atoms: readonly Atom[], random: Random): Atom[] => {
  const raw = [random.normal(), random.normal(), random.normal(), random.normal()] as const;
  const size = Math.hypot(...raw);
  const [w, i, j, k] = [raw[0] / size, raw[1] / size, raw[2] / size, raw[3] / size];
  const rows: readonly Vec3[] = [
    [1 - 2 * (j * j + k * k), 2 * (i * j - k * w), 2 * (i * k + j * w)],
    [2 * (i * j + k * w), 1 - 2 * (i * i + k * k), 2 * (j * k - i * w)],
    [2 * (i * k - j * w), 2 * (j * k + i * w), 1 - 2 * (i * i + j * j)],
  ];
  const dot = (row: Vec3, p: Vec3): number => row[0] * p[0] + row[1] * p[1] + row[2] * p[2];
  return atoms.map((atom) => ({
    ...atom,
    position: [
      dot(rows[0] as Vec3, atom.position),
      dot(rows[1] as Vec3, atom.position),
      dot(rows[2] as Vec3, atom.position),
    ],
  }));
};
