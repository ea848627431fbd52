import { describe, expect, it } from 'vitest';
import { cubeGrid, takeCube, type Triple, voxelsOf } from './cube-grid.js';
import { predictCubes } from './predict-cubes.js';
import { sourcesOf, turningCubes, turns } from './turns.js';

/** Sign of the permutation of axes times that of the reversals. */
function determinant({ axes, flips }: (typeof turns)[number]): number {
  const swaps = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].filter(([a, b]) => axes[a as 0] > axes[b as 0]);
  return (-1) ** (swaps.length + flips.length);
}

describe('orientations of cubes', () => {
  it('are eight different rotations without a mirror, with every order of the axes', () => {
    expect(turns.map(determinant)).toEqual(Array<number>(8).fill(1));
    expect(new Set(turns.map((turn) => sourcesOf(turn, 3).join())).size).toBe(8);
    expect(new Set(turns.map(({ axes }) => axes.join())).size).toBe(6);
  });

  it('are all met at a voxel in the middle of a box, and undone', async () => {
    const shape: Triple = [24, 24, 24];
    const grid = cubeGrid(shape, [8, 8, 8], 4);
    const volume = Float32Array.from({ length: voxelsOf(shape) }, (_, i) => ((i * i) % 997) - 498);
    const shown: Float32Array[] = [];
    const network = {
      lanes: 1,
      predict: (cubes: Float32Array) => {
        shown.push(cubes.slice());
        return Promise.resolve({ mean: Float32Array.from(cubes), variance: Float32Array.from(cubes, Math.abs) });
      },
    };
    const wanted = grid.starts.map((_, number) => number);
    const task = { volume, grid, wanted, blending: 'plain', batch: 1 } as const;
    const none = { kept: () => Promise.resolve(undefined), keep: () => Promise.resolve(), onCubes: () => undefined };
    const [mean, variance] = await predictCubes(turningCubes(network, grid), { ...task, ...none });
    expect(mean).toEqual(volume);
    expect(variance).toEqual(volume.map(Math.abs));
    const covering = wanted.filter((number) => grid.starts[number]?.every((first) => first === 8 || first === 12));
    const seen = covering.map((number) => {
      const upright = new Float32Array(512);
      takeCube(volume, shape, grid.starts[number] ?? [0, 0, 0], grid.cube, upright);
      return turns.findIndex((turn) =>
        sourcesOf(turn, 8).every((source, at) => upright[source] === shown[number]?.[at]),
      );
    });
    expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('need cubes of equal edges', () => {
    const network = { lanes: 1, predict: () => Promise.reject(new Error('not asked')) };
    expect(() => turningCubes(network, cubeGrid([9, 9, 9], [4, 4, 5], 2))).toThrow('4 × 4 × 5');
  });
});
