import { describe, expect, it } from 'vitest';
import { Assembly, cubeWeights } from './assembly.js';
import { axisStarts, cropped, cubeGrid, padded, takeCube, type Triple, voxelsOf } from './cube-grid.js';
import { isWanted } from './mask-filter.js';
import { predictCubes } from './predict-cubes.js';

const edges = [32, 32, 32] as const;

describe('cubes along an axis', () => {
  // Measured with the reference program.
  it.each([
    [32, [0]],
    [33, [0, 1]],
    [48, [0, 16]],
    [49, [0, 16, 17]],
    [64, [0, 16, 32]],
    [100, [0, 16, 32, 48, 64, 68]],
  ])('of %i voxels begin at %j', (length, starts) => {
    expect(axisStarts(length, 32, 16)).toEqual(starts);
  });

  it.each([
    [64, 32, 24],
    [64, 32, 32],
    [100, 32, 48],
    [65, 48, 32],
    [40, 8, 8],
  ])('reach the end of %i voxels with cubes of %i every %i', (length, cube, stride) => {
    const starts = axisStarts(length, cube, stride);
    expect(starts[0]).toBe(0);
    expect(starts.at(-1)).toBe(length - cube);
    expect(new Set(starts).size).toBe(starts.length);
  });
});

describe('a grid of cubes', () => {
  it('takes each axis by its own length', () => {
    const { starts } = cubeGrid([100, 80, 60], edges, 16);
    expect(starts.length).toBe(6 * 4 * 3);
    for (const start of starts)
      start.forEach((first, axis) => expect(first + 32).toBeLessThanOrEqual([100, 80, 60][axis] ?? 0));
    // z outermost, x innermost.
    expect(starts.slice(0, 4)).toEqual([
      [0, 0, 0],
      [0, 0, 16],
      [0, 0, 28],
      [0, 16, 0],
    ]);
  });

  it('pads boxes that are smaller than a cube, and takes the padding away again', () => {
    const map: Triple = [20, 40, 31];
    const grid = cubeGrid(map, edges, 16);
    expect(grid.shape).toEqual([32, 40, 32]);
    const voxels = Float32Array.from({ length: voxelsOf(map) }, (_, i) => i + 1);
    const larger = padded(voxels, map, grid, (n) => new Float32Array(n));
    expect(larger.length).toBe(32 * 40 * 32);
    expect(larger.reduce((sum, value) => sum + value, 0)).toBe(voxels.reduce((sum, value) => sum + value, 0));
    expect(cropped(larger, map, grid)).toEqual(voxels);
  });

  it('is asked for only where more than 5 voxels of the mask are', () => {
    const grid = cubeGrid([64, 64, 64], edges, 16);
    const mask = new Uint8Array(64 ** 3);
    mask.fill(1, 0, 5);
    expect(isWanted(mask, grid, [0, 0, 0])).toBe(false);
    mask[5] = 1;
    expect(isWanted(mask, grid, [0, 0, 0])).toBe(true);
    expect(isWanted(mask, grid, [0, 0, 16])).toBe(false);
  });
});

describe('cubes put together', () => {
  const shape: Triple = [9, 12, 10];
  const cube: Triple = [4, 6, 5];
  const volume = Float32Array.from({ length: voxelsOf(shape) }, (_, i) => Math.sin(i));

  it.each(['plain', 'cosine'] as const)('give back what they were cut from (%s)', (blending) => {
    const grid = cubeGrid(shape, cube, 3);
    const assembly = new Assembly(grid, blending, 1);
    for (const start of grid.starts) {
      const part = new Float32Array(voxelsOf(cube));
      takeCube(volume, shape, start, cube, part);
      assembly.add(start, [part]);
    }
    const [joined] = assembly.finish();
    volume.forEach((value, i) => expect(Math.abs((joined?.[i] ?? NaN) - value)).toBeLessThan(1e-6));
  });

  it('are averaged, and 0 where there is none', () => {
    const grid = cubeGrid([4, 4, 6], [4, 4, 4], 2);
    const assembly = new Assembly(grid, 'plain', 1);
    assembly.add([0, 0, 0], [new Float32Array(64).fill(1)]);
    const [first] = assembly.finish();
    expect([...(first?.subarray(0, 6) ?? [])]).toEqual([1, 1, 1, 1, 0, 0]);
    const both = new Assembly(grid, 'plain', 1);
    both.add([0, 0, 0], [new Float32Array(64).fill(1)]);
    both.add([0, 0, 2], [new Float32Array(64).fill(2)]);
    expect([...(both.finish()[0]?.subarray(0, 6) ?? [])]).toEqual([1, 1, 1.5, 1.5, 2, 2]);
  });

  it('count most in their middle with cosine weights, and nowhere nothing', () => {
    const weights = cubeWeights([4, 4, 4], 'cosine');
    expect(Math.min(...weights)).toBeGreaterThan(0);
    expect(weights[21]).toBe(Math.max(...weights));
  });

  it('are not computed again when an earlier run has kept them, and come out the same', async () => {
    const grid = cubeGrid(shape, cube, 3);
    const wanted = grid.starts.map((_, number) => number);
    const store = new Map<string, { mean: Float32Array<ArrayBuffer>; variance: Float32Array<ArrayBuffer> }>();
    let calls = 0;
    const run = (lanes: number, delay: (call: number) => number): ReturnType<typeof predictCubes> =>
      predictCubes(
        {
          lanes,
          predict: async (cubes) => {
            const call = calls++;
            await new Promise((resolve) => setTimeout(resolve, delay(call)));
            return { mean: cubes.map((value) => 2 * value), variance: cubes.map((value) => value * value) };
          },
        },
        {
          volume,
          grid,
          wanted,
          blending: 'plain',
          batch: 2,
          kept: (name) => Promise.resolve(store.get(name)),
          keep: (name, part) => Promise.resolve(void store.set(name, part)),
          onCubes: () => undefined,
        },
      );
    // Later calls are faster, so that cubes come out of order.
    const [mean, variance] = await run(3, (call) => Math.max(0, 6 - call));
    expect(calls).toBeGreaterThan(0);
    const before = calls;
    const half = [...store.keys()].slice(1);
    half.forEach((name) => store.delete(name));
    expect(await run(1, () => 0)).toEqual([mean, variance]);
    expect(calls - before).toBeLessThan(before);
    volume.forEach((value, i) => expect(Math.abs((mean[i] ?? NaN) - 2 * value)).toBeLessThan(1e-6));
  });
});
