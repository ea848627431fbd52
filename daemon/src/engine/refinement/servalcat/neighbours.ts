/** Reach of a neighbour, Å. */
const reach = 4;

/** Gives each atom without a B-factor (NaN) the mean of those within 4 Å that have one, or of all. */
export function fillFromNeighbours(bFactors: Float32Array, positions: Float64Array): Float32Array {
  const known = Array.from(bFactors.keys()).filter((i) => !Number.isNaN(bFactors[i]));
  const cube = (i: number): readonly [number, number, number] => [
    Math.floor((positions[3 * i] ?? 0) / reach),
    Math.floor((positions[3 * i + 1] ?? 0) / reach),
    Math.floor((positions[3 * i + 2] ?? 0) / reach),
  ];
  const cubes = new Map<string, number[]>();
  for (const i of known) {
    const key = cube(i).join();
    const list = cubes.get(key);
    if (list === undefined) cubes.set(key, [i]);
    else list.push(i);
  }
  const distance = (i: number, j: number): number =>
    Math.hypot(...[0, 1, 2].map((axis) => (positions[3 * i + axis] ?? 0) - (positions[3 * j + axis] ?? 0)));
  const mean = (list: readonly number[]): number => list.reduce((sum, i) => sum + (bFactors[i] ?? 0), 0) / list.length;
  const all = mean(known);
  return bFactors.map((b, i) => {
    if (!Number.isNaN(b)) return b;
    const [x, y, z] = cube(i);
    const steps = [-1, 0, 1];
    const around = steps.flatMap((dx) => steps.flatMap((dy) => steps.map((dz) => [x + dx, y + dy, z + dz].join())));
    const near = around.flatMap((key) => cubes.get(key) ?? []).filter((j) => distance(i, j) <= reach);
    return near.length === 0 ? all : mean(near);
  });
}
