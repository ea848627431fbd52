/** A point or direction in Å, coordinate order (x, y, z). */
export type Vec3 = readonly [number, number, number];

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, factor: number): Vec3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec3): number => Math.sqrt(dot(a, a));
export const distance = (a: Vec3, b: Vec3): number => length(subtract(a, b));
export const normalise = (a: Vec3): Vec3 => scale(a, 1 / length(a));
export const mean = (points: readonly Vec3[]): Vec3 =>
  scale(
    points.reduce<Vec3>((sum, point) => add(sum, point), [0, 0, 0]),
    1 / points.length,
  );

/** The part of `a` that is perpendicular to the unit vector `axis`, as a unit vector. */
export const perpendicular = (a: Vec3, axis: Vec3): Vec3 => normalise(subtract(a, scale(axis, dot(a, axis))));

/** Angle at `b` in degrees. */
export const angleDegrees = (a: Vec3, b: Vec3, c: Vec3): number =>
  (Math.acos(dot(normalise(subtract(a, b)), normalise(subtract(c, b)))) * 180) / Math.PI;

/** Dihedral a-b-c-d in degrees, IUPAC sign. */
export const dihedralDegrees = (a: Vec3, b: Vec3, c: Vec3, d: Vec3): number => {
  const axis = normalise(subtract(c, b));
  const u = perpendicular(subtract(a, b), axis);
  const v = perpendicular(subtract(d, c), axis);
  return (Math.atan2(dot(cross(u, v), axis), dot(u, v)) * 180) / Math.PI;
};

/**
 * The point d with |cd| = `bond` (Å), angle b-c-d and dihedral a-b-c-d (both in degrees): one atom from its internal
 * coordinates (the "natural extension reference frame").
 */
export const placeAtom = (a: Vec3, b: Vec3, c: Vec3, bond: number, angle: number, dihedral: number): Vec3 => {
  const theta = (angle * Math.PI) / 180;
  const phi = (dihedral * Math.PI) / 180;
  const axis = normalise(subtract(c, b));
  const normal = normalise(cross(subtract(b, a), axis));
  const side = cross(normal, axis);
  const along = add(scale(axis, -Math.cos(theta)), scale(side, Math.sin(theta) * Math.cos(phi)));
  return add(c, scale(add(along, scale(normal, Math.sin(theta) * Math.sin(phi))), bond));
};

/** An orthonormal frame with its origin; `axes` are the unit vectors of the frame in outer coordinates. */
export interface Frame {
  readonly origin: Vec3;
  readonly axes: readonly [Vec3, Vec3, Vec3];
}

/** Right-handed frame whose third axis is `direction` and whose first lies in the half plane towards `towards`. */
export const frameAlong = (origin: Vec3, direction: Vec3, towards: Vec3): Frame => {
  const third = normalise(direction);
  const first = perpendicular(towards, third);
  return { origin, axes: [first, cross(third, first), third] };
};

/** The rigid movement that carries frame `from` onto frame `to`. */
export const movement =
  (from: Frame, to: Frame) =>
  (point: Vec3): Vec3 => {
    const relative = subtract(point, from.origin);
    return from.axes.reduce<Vec3>(
      (sum, axis, i) => add(sum, scale(to.axes[i] ?? [0, 0, 0], dot(relative, axis))),
      to.origin,
    );
  };
