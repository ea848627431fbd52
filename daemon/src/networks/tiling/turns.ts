import { type CubeGrid, type Triple, voxelsOf } from './cube-grid.js';
import type { CubePredictor } from './predict-cubes.js';

/** A rotation that maps a cube onto itself: its axis `axes[i]` becomes axis i, then the axes in `flips` are reversed. */
export interface Turn {
  readonly axes: Triple;
  readonly flips: readonly number[];
}

/**
 * Eight of the 24 rotations of a cube, every order of the axes among them: every third of `CUBE_ROTATIONS` in
 * `training/locscale_training/simulate/rotations.py`, so that calibrators are fitted to the same.
 */
export const turns: readonly Turn[] = [
  { axes: [0, 1, 2], flips: [] },
  { axes: [0, 1, 2], flips: [0, 1] },
  { axes: [0, 2, 1], flips: [0] },
  { axes: [1, 0, 2], flips: [1] },
  { axes: [1, 2, 0], flips: [] },
  { axes: [1, 2, 0], flips: [0, 1] },
  { axes: [2, 0, 1], flips: [0, 2] },
  { axes: [2, 1, 0], flips: [1] },
];

/**
 * Shows each cube of a grid turned in one of eight ways, by whether its places along z, y and x are odd or even. With a stride of half a
 * cube the eight that cover a voxel are turned in all eight ways, so the average over cubes is one over orientations too. It
 * costs nothing, and takes out what a network that was trained in all orientations answers differently in each.
 */
export function turningCubes(predictor: CubePredictor, { cube, places }: CubeGrid): CubePredictor {
  const [edge] = cube;
  if (cube.some((n) => n !== edge)) throw new RangeError(`only cubes can be turned, not boxes of ${cube.join(' × ')}`);
  const voxels = voxelsOf(cube);
  const sources = turns.map((turn) => sourcesOf(turn, edge));
  const sourcesFor = (number: number): Uint32Array => {
    const [z, y, x] = places[number] ?? [0, 0, 0];
    return sources[4 * (z % 2) + 2 * (y % 2) + (x % 2)] as Uint32Array;
  };
  type Move = (from: Float32Array, to: Float32Array, sources: Uint32Array) => void;
  const each = (values: Float32Array, numbers: readonly number[], move: Move): Float32Array<ArrayBuffer> => {
    const moved = new Float32Array(values.length);
    const one = (all: Float32Array, at: number): Float32Array => all.subarray(at * voxels, (at + 1) * voxels);
    for (const [at, number] of numbers.entries()) move(one(values, at), one(moved, at), sourcesFor(number));
    return moved;
  };
  return {
    lanes: predictor.lanes,
    predict: async (cubes, numbers) => {
      const { mean, variance } = await predictor.predict(each(cubes, numbers, turn), numbers);
      return { mean: each(mean, numbers, turnBack), variance: each(variance, numbers, turnBack) };
    },
  };
}

function turn(upright: Float32Array, turned: Float32Array, sources: Uint32Array): void {
  for (let i = 0; i < sources.length; i++) turned[i] = upright[sources[i] as number] as number;
}

function turnBack(turned: Float32Array, upright: Float32Array, sources: Uint32Array): void {
  for (let i = 0; i < sources.length; i++) upright[sources[i] as number] = turned[i] as number;
}

/** The place in the upright cube of each voxel of the turned one. */
export function sourcesOf({ axes, flips }: Turn, edge: number): Uint32Array {
  const sources = new Uint32Array(edge ** 3);
  const steps = [edge ** 2, edge, 1];
  for (let at = 0; at < sources.length; at++) {
    const turned = steps.map((step) => Math.floor(at / step) % edge);
    sources[at] = turned.reduce((sum, n, axis) => {
      const upright = flips.includes(axis) ? edge - 1 - n : n;
      return sum + upright * (steps[axes[axis] as number] as number);
    }, 0);
  }
  return sources;
}
