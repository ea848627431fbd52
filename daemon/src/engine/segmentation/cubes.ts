/** Sizes and places along the axes (z, y, x), voxels. */
export type Triple = readonly [z: number, y: number, x: number];

/** How a box is cut into cubes. */
export interface CubeGrid {
  readonly shape: Triple;
  readonly cube: Triple;
  /** First voxel of each cube on each axis; below 0 where the box is smaller than the cube and lies in its middle. */
  readonly starts: readonly [readonly number[], readonly number[], readonly number[]];
}

/**
 * Cubes every `stride` voxels on each axis by itself, the last one moved back to end with the box, so that every voxel lies in at least one cube
 * whatever the shape of the box.
 */
export function cubeGrid(shape: Triple, cube: Triple, stride: number): CubeGrid {
  const along = (axis: 0 | 1 | 2): readonly number[] => cubeStarts(shape[axis], cube[axis], stride);
  return { shape, cube, starts: [along(0), along(1), along(2)] };
}

function cubeStarts(n: number, cube: number, stride: number): readonly number[] {
  if (n <= cube) return [0 - Math.floor((cube - n) / 2)];
  const step = Math.min(stride, cube);
  const starts: number[] = [];
  for (let start = 0; start + cube < n; start += step) starts.push(start);
  return [...starts, n - cube];
}

/** First voxels (z, y, x) of all cubes, x fastest. */
export const cubePlaces = ({ starts: [z, y, x] }: CubeGrid): readonly Triple[] =>
  z.flatMap((at) => y.flatMap((row) => x.map((column): Triple => [at, row, column])));

/** Calls `row` for each row of a cube that lies in the box: where it begins in the box and in the cube, and its length. */
export function eachRow(
  { shape, cube }: CubeGrid,
  place: Triple,
  row: (inBox: number, inCube: number, length: number) => void,
): void {
  const first = place.map((start) => Math.max(start, 0));
  const end = place.map((start, axis) => Math.min(start + (cube[axis] as number), shape[axis] as number));
  const length = (end[2] as number) - (first[2] as number);
  for (let z = first[0] as number; z < (end[0] as number); z++)
    for (let y = first[1] as number; y < (end[1] as number); y++)
      row(
        (z * shape[1] + y) * shape[2] + (first[2] as number),
        ((z - place[0]) * cube[1] + (y - place[1])) * cube[2] + (first[2] as number) - place[2],
        length,
      );
}
