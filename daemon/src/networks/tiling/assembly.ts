import { type CubeGrid, forEachRow, type Triple, voxelsOf } from './cube-grid.js';

/**
 * How cubes that overlap are joined: `plain` averages them, as LocScale does; `cosine` lets each count most in its middle, so that
 * what lies at its faces, where it sees least, hardly matters.
 */
export const blendings = ['plain', 'cosine'] as const;
export type Blending = (typeof blendings)[number];

/** Weight of each voxel of a cube; never 0, so that what only one cube's corner covers is still there. */
export function cubeWeights(cube: Triple, blending: Blending): Float32Array {
  const weights = new Float32Array(voxelsOf(cube)).fill(1);
  if (blending === 'plain') return weights;
  const along = cube.map((n) => Array.from({ length: n }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / n) ** 2));
  forEachRow(cube, [0, 0, 0], cube, (row) => {
    const [z, y] = [Math.floor(row / (cube[1] * cube[2])), Math.floor(row / cube[2]) % cube[1]];
    const ofRow = (along[0]?.[z] ?? 1) * (along[1]?.[y] ?? 1);
    for (let x = 0; x < cube[2]; x++) weights[row + x] = ofRow * (along[2]?.[x] ?? 1);
  });
  return weights;
}

/** Averages of cubes over a box. Add them in the order of their numbers: sums of floats depend on the order. */
export class Assembly {
  readonly #grid: CubeGrid;
  readonly #weights: Float32Array;
  readonly #total: Float32Array;
  readonly #sums: readonly Float32Array[];

  /** `maps`: how many values each voxel has. */
  constructor(grid: CubeGrid, blending: Blending, maps: number) {
    const voxels = voxelsOf(grid.shape);
    this.#grid = grid;
    this.#weights = cubeWeights(grid.cube, blending);
    this.#total = new Float32Array(voxels);
    this.#sums = Array.from({ length: maps }, () => new Float32Array(voxels));
  }

  add(start: Triple, cubes: readonly Float32Array[]): void {
    const { shape, cube } = this.#grid;
    const [weights, total] = [this.#weights, this.#total];
    forEachRow(shape, start, cube, (to, from) => {
      for (let x = 0; x < cube[2]; x++) total[to + x] = (total[to + x] as number) + (weights[from + x] as number);
    });
    for (const [map, values] of cubes.entries()) {
      const sums = this.#sums[map];
      if (sums === undefined) throw new RangeError(`there are ${this.#sums.length} maps, not ${cubes.length}`);
      forEachRow(shape, start, cube, (to, from) => {
        for (let x = 0; x < cube[2]; x++)
          sums[to + x] = (sums[to + x] as number) + (weights[from + x] as number) * (values[from + x] as number);
      });
    }
  }

  /** The maps; exactly 0 where no cube was. */
  finish(): readonly Float32Array[] {
    const total = this.#total;
    for (const sums of this.#sums)
      for (let i = 0; i < sums.length; i++) {
        const weight = total[i] as number;
        if (weight > 0) sums[i] = (sums[i] as number) / weight;
      }
    return this.#sums;
  }
}
