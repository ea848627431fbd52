import type { Grid } from '@chimerax-like/rpc';
import { LocScaleError } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { assertSameGrid, extractRegion, regionShape, scanVoxels, type Region } from '../../daemon/src/volumes/index.js';

const grid: Grid = { shape: [10, 20, 30], voxelSize: [1.5, 1.5, 1.5], origin: [0, 0, 0] };

const thrown = (work: () => unknown): LocScaleError => {
  try {
    work();
  } catch (error) {
    if (error instanceof LocScaleError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('two volumes of one job', () => {
  it('fit when shapes agree and voxel sizes differ by rounding', () => {
    expect(assertSameGrid(grid, 'map', { ...grid, voxelSize: [1.514, 1.514, 1.514] }, 'mask')).toEqual([]);
  });

  it.each([{ shape: [10, 20, 31] as [number, number, number] }, { shape: [30, 20, 10] as [number, number, number] }])(
    'do not fit with shape $shape; both are named',
    ({ shape }) => {
      const error = thrown(() => assertSameGrid(grid, 'half map 1', { ...grid, shape }, 'the mask'));
      expect(error.kind).toBe('input.mismatch');
      expect(error.message).toContain(`the mask has ${shape.join(' × ')}`);
      expect(error.message).toContain('half map 1 has 10 × 20 × 30');
    },
  );

  it('do not fit with voxel sizes 2 % apart; both numbers are named', () => {
    const error = thrown(() => assertSameGrid(grid, 'map', { ...grid, voxelSize: [1.5, 1.5, 1.53] }, 'reference'));
    expect(error.kind).toBe('input.mismatch');
    expect(error.message).toMatch(/reference is 1\.5, 1\.5, 1\.53 Å.*map is 1\.5, 1\.5, 1\.5 Å/u);
  });

  it('warn when their origins differ by more than rounding', () => {
    expect(assertSameGrid(grid, 'map', { ...grid, origin: [0.1, 0, 0] }, 'mask')).toEqual([]);
    const [warning, ...more] = assertSameGrid(grid, 'map', { ...grid, origin: [-15, 0, 0] }, 'mask');
    expect(more).toEqual([]);
    expect(warning?.kind).toBe('grid.origin-differs');
    expect(warning?.message).toMatch(/mask is \(-15, 0, 0\).*map \(0, 0, 0\)/u);
  });
});

describe('a region', () => {
  const shape = [4, 5, 6] as const;
  const voxels = Float32Array.from({ length: 120 }, (_, i) => i);
  const region = (z: [number, number], y: [number, number], x: [number, number], step = 1): Region => ({
    z,
    y,
    x,
    step,
  });

  it.each([
    region([0, 4], [0, 5], [0, 6]),
    region([1, 3], [2, 3], [4, 6]),
    region([0, 4], [0, 5], [0, 6], 2),
    region([1, 4], [0, 5], [1, 6], 3),
    region([3, 4], [4, 5], [5, 6], 100),
  ])('z $z, y $y, x $x, step $step holds the voxels of its place', (part) => {
    const expected: number[] = [];
    for (let z = part.z[0]; z < part.z[1]; z += part.step)
      for (let y = part.y[0]; y < part.y[1]; y += part.step)
        for (let x = part.x[0]; x < part.x[1]; x += part.step) expected.push((z * 5 + y) * 6 + x);
    const extracted = extractRegion(voxels, shape, part);
    expect([...extracted]).toEqual(expected);
    expect(regionShape(part).reduce((a, b) => a * b)).toBe(extracted.length);
  });

  it.each([
    region([0, 5], [0, 5], [0, 6]),
    region([-1, 2], [0, 5], [0, 6]),
    region([0, 4], [2, 2], [0, 6]),
    region([0, 4], [0, 5], [3, 1]),
    region([0, 4], [0, 5], [0.5, 6]),
    region([0, 4], [0, 5], [0, NaN]),
    region([0, 4], [0, 5], [0, 6], 0),
    region([0, 4], [0, 5], [0, 6], 1.5),
  ])('z $z, y $y, x $x, step $step is refused', (part) => {
    expect(thrown(() => extractRegion(voxels, shape, part)).kind).toBe('input.parameter');
  });
});

describe('statistics', () => {
  it('count voxels that are not finite, find the first, and leave them out', async () => {
    const voxels = Float32Array.from({ length: 10_000 }, (_, i) => i % 10);
    voxels[9000] = NaN;
    voxels[5000] = -Infinity;
    const { statistics, nonFinite, firstNonFinite } = await scanVoxels(voxels);
    expect([nonFinite, firstNonFinite]).toEqual([2, 5000]);
    expect(statistics).toMatchObject({ min: 0, max: 9, zeros: 998 });
    expect(statistics.mean).toBeCloseTo(45_000 / 9998, 12);
  });

  it('are those of the definition, for lengths around a block', async () => {
    for (const length of [1, 4095, 4096, 4097, 10_000]) {
      const voxels = Float32Array.from({ length }, (_, i) => Math.sin(i) * 3);
      const mean = voxels.reduce((sum, v) => sum + v, 0) / length;
      const sd = Math.sqrt(voxels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / length);
      const { statistics } = await scanVoxels(voxels);
      expect(statistics.mean).toBeCloseTo(mean, 12);
      expect(statistics.sd).toBeCloseTo(sd, 10);
      expect([statistics.min, statistics.max]).toEqual([
        voxels.reduce((a, b) => Math.min(a, b)),
        voxels.reduce((a, b) => Math.max(a, b)),
      ]);
    }
  });

  it('hold for the largest float32 values', async () => {
    const largest = 3.4028234663852886e38;
    const { statistics, nonFinite } = await scanVoxels(Float32Array.of(largest, -largest, largest, -largest));
    expect(nonFinite).toBe(0);
    expect(statistics).toMatchObject({ min: -largest, max: largest, mean: 0, sd: largest });
  });
});
