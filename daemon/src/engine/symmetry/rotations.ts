/** Directions and positions in space are (x, y, z). */
export type Vector = readonly [x: number, y: number, z: number];
/** A rotation as rows (x, y, z) of a 3 × 3 matrix that acts on column vectors. */
export type Rotation = readonly [Vector, Vector, Vector];

export const identityRotation: Rotation = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Right-handed rotation by `degrees` about `axis` (any length), by Rodrigues' formula. */
export function rotationAbout(axis: Vector, degrees: number): Rotation {
  const length = Math.hypot(...axis);
  const [x, y, z] = [axis[0] / length, axis[1] / length, axis[2] / length];
  const [c, s] = cosineAndSine(degrees);
  const d = 1 - c;
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ];
}

/** Quarter turns come out exact, so that operators that take voxels to voxels are seen as such. */
function cosineAndSine(degrees: number): readonly [number, number] {
  const quarter = (((degrees / 90) % 4) + 4) % 4;
  const exact = ([[1, 0], [0, 1], [-1, 0], [0, -1]] as const)[quarter]; // prettier-ignore
  return exact ?? [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const column = (m: Rotation, i: 0 | 1 | 2): Vector => [m[0][i], m[1][i], m[2][i]];

export function product(a: Rotation, b: Rotation): Rotation {
  const row = (r: Vector): Vector => [dot(r, column(b, 0)), dot(r, column(b, 1)), dot(r, column(b, 2))];
  return [row(a[0]), row(a[1]), row(a[2])];
}

export const turned = (m: Rotation, v: Vector): Vector => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];

/** Largest difference of two matrices' elements. */
export const distance = (a: Rotation, b: Rotation): number =>
  Math.max(...a.flatMap((row, i) => row.map((number, j) => Math.abs(number - (b[i]?.[j] ?? NaN)))));

/** All products of the generators, the identity first. Elements of the groups here differ by 0.06 (C99) and more. */
export function generatedGroup(generators: readonly Rotation[]): readonly Rotation[] {
  const group: Rotation[] = [identityRotation];
  for (const known of group) {
    for (const generator of generators) {
      const next = product(generator, known);
      if (!group.some((other) => distance(other, next) < 1e-3)) group.push(next);
    }
  }
  return group;
}
