/** (z, y, x), voxels. */
export type Triple = readonly [number, number, number];

/** Where cubes lie in a box. */
export interface CubeGrid {
  /** Box that the cubes cover: the map's, padded where it is smaller than a cube. */
  readonly shape: Triple;
  /** Voxels in front of the map in the padded box. */
  readonly before: Triple;
  readonly cube: Triple;
  /** First voxels of all cubes, z outermost; a cube's number is its place here. */
  readonly starts: readonly Triple[];
  /** How many cubes lie in front of each along z, y and x. */
  readonly places: readonly Triple[];
}

/**
 * First voxels along one axis (emmernet.md 3): 0, stride, … while the middle of the cube lies in the box, cubes that stick out moved
 * back to its end. Differs from LocScale in that no start comes twice, and that the end is always covered.
 */
export function axisStarts(length: number, cube: number, stride: number): readonly number[] {
  const last = length - cube;
  const starts = new Set<number>();
  for (let start = 0; start + cube / 2 < length; start += stride) starts.add(Math.min(start, last));
  starts.add(last);
  return [...starts].sort((a, b) => a - b);
}

/** Cubes over a box, each axis by its own length. */
export function cubeGrid(map: Triple, cube: Triple, stride: number): CubeGrid {
  const shape = eachAxis((axis) => Math.max(map[axis], cube[axis]));
  const before = eachAxis((axis) => Math.floor((shape[axis] - map[axis]) / 2));
  const along = (axis: 0 | 1 | 2): readonly number[] => axisStarts(shape[axis], cube[axis], stride);
  const axes = [along(0), along(1), along(2)] as const;
  const places = axes[0].flatMap((_, z) => axes[1].flatMap((__, y) => axes[2].map((___, x): Triple => [z, y, x])));
  const starts = places.map((place) => eachAxis((axis) => axes[axis][place[axis]] as number));
  return { shape, before, cube, starts, places };
}

export const eachAxis = (rule: (axis: 0 | 1 | 2) => number): Triple => [rule(0), rule(1), rule(2)];

export const voxelsOf = ([z, y, x]: Triple): number => z * y * x;

type Voxels = Float32Array | Uint8Array;

/** Calls `visit` with the places of each row of a cube, in the volume and in the cube itself. */
export function forEachRow(
  shape: Triple,
  [z0, y0, x0]: Triple,
  cube: Triple,
  visit: (inVolume: number, inCube: number) => void,
): void {
  for (let z = 0; z < cube[0]; z++)
    for (let y = 0; y < cube[1]; y++)
      visit(((z0 + z) * shape[1] + y0 + y) * shape[2] + x0, (z * cube[1] + y) * cube[2]);
}

/** Copies a cube out of a volume. */
export function takeCube(volume: Float32Array, shape: Triple, start: Triple, cube: Triple, into: Float32Array): void {
  forEachRow(shape, start, cube, (from, to) => into.set(volume.subarray(from, from + cube[2]), to));
}

/** A volume in the middle of a larger box of zeros; itself where there is nothing to add. */
export function padded<V extends Voxels>(
  volume: V,
  map: Triple,
  { shape, before }: CubeGrid,
  make: (n: number) => V,
): V {
  if (shape.every((n, axis) => n === map[axis])) return volume;
  const larger = make(voxelsOf(shape));
  forEachRow(shape, before, map, (to, from) => larger.set(volume.subarray(from, from + map[2]), to));
  return larger;
}

/** The map's part of a padded box. */
export function cropped(volume: Float32Array, map: Triple, { shape, before }: CubeGrid): Float32Array {
  if (shape.every((n, axis) => n === map[axis])) return volume;
  const smaller = new Float32Array(voxelsOf(map));
  takeCube(volume, shape, before, map, smaller);
  return smaller;
}
