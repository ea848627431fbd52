import { describe, expect, it } from 'vitest';
import { cubeGrid, cubePlaces, type Triple } from './cubes.js';
import { predictBox } from './predict.js';

const edges = (n: number): readonly number[] => cubeGrid([n, n, n], [48, 48, 48], 32).starts[0];

describe('cubes along an axis', () => {
  it('are SURFER’s where those cover the box', () => {
    expect(edges(48)).toEqual([0]);
    expect(edges(60)).toEqual([0, 12]);
    expect(edges(80)).toEqual([0, 32]);
    expect(edges(96)).toEqual([0, 32, 48]);
    expect(edges(100)).toEqual([0, 32, 52]);
  });

  it('cover the last voxel, too, and lie around a small box', () => {
    expect(edges(49)).toEqual([0, 1]);
    expect(edges(1)).toEqual([-23]);
    expect(edges(47)).toEqual([0]);
  });
});

/** Numbers the calls, and gives each cube back as it came. */
const echo = (): { calls: number[]; predict: (cubes: Float32Array, count: number) => Promise<Float32Array> } => {
  const calls: number[] = [];
  return {
    calls,
    predict: async (cubes, count) => {
      calls.push(count);
      // Later calls are done first.
      await new Promise((done) => setTimeout(done, Math.max(0, 5 - calls.length)));
      return cubes;
    },
  };
};

const common = { outside: -7, logits: false, signal: new AbortController().signal, report: () => undefined };

describe('a box that is predicted in cubes', () => {
  const shapes: readonly Triple[] = [
    [1, 1, 1],
    [1, 5, 17],
    [9, 8, 7],
    [16, 8, 23],
    [31, 3, 8],
  ];
  it.each(shapes)('of %i x %i x %i voxels comes back whole, each voxel in its place', async (...shape) => {
    const voxels = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, at) => at);
    for (const stride of [3, 5, 8, 100]) {
      const grid = cubeGrid(shape, [8, 8, 8], stride);
      const { predict } = echo();
      const out = await predictBox({ ...common, voxels, grid, mask: null, batch: 3, lanes: 2, predict });
      expect(out).toEqual(voxels);
    }
  });

  it('at every size from 1 to 20 covers everything', async () => {
    for (let n = 1; n <= 20; n++) {
      const voxels = new Float32Array(n ** 3).fill(1);
      const grid = cubeGrid([n, n, n], [8, 8, 8], 6);
      const out = await predictBox({
        ...common,
        voxels,
        grid,
        mask: null,
        batch: 1,
        lanes: 1,
        predict: echo().predict,
      });
      expect(out.every((value) => value === 1)).toBe(true);
    }
  });

  it('takes the sigmoid of logits and averages cubes that overlap', async () => {
    const grid = cubeGrid([8, 8, 12], [8, 8, 8], 4);
    let call = 0;
    const predict = (cubes: Float32Array): Promise<Float32Array> => Promise.resolve(cubes.fill(call++ === 0 ? 0 : 100));
    const voxels = new Float32Array(8 * 8 * 12);
    const out = await predictBox({ ...common, voxels, grid, mask: null, logits: true, batch: 1, lanes: 1, predict });
    expect([...out.subarray(0, 12)]).toEqual([0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75, 1, 1, 1, 1]);
  });

  it('looks only at cubes with more than ten voxels of the mask, and is 0 elsewhere', async () => {
    const shape: Triple = [8, 8, 24];
    const mask = new Float32Array(8 * 8 * 24);
    for (let z = 0; z < 8; z++) mask.fill(1, z * 8 * 24, z * 8 * 24 + 1); // eight voxels in the first cube
    mask.fill(1, 20, 24);
    mask.fill(1, 24 + 16, 24 + 24); // and twelve in the last
    const { calls, predict } = echo();
    const voxels = new Float32Array(8 * 8 * 24).fill(1);
    const out = await predictBox({
      ...common,
      voxels,
      grid: cubeGrid(shape, [8, 8, 8], 8),
      mask,
      batch: 8,
      lanes: 1,
      predict,
    });
    expect(calls).toEqual([1]);
    expect([...out.subarray(0, 24)]).toEqual([...Array<number>(16).fill(0), ...Array<number>(8).fill(1)]);
    expect(cubePlaces(cubeGrid(shape, [8, 8, 8], 8)).length).toBe(3);
  });
});
