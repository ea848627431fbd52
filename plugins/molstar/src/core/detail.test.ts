import type { Grid } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { assertDrawable, coarse, partOf } from './detail.js';

const grid: Grid = { shape: [512, 400, 300], voxelSize: [1, 2, 4], origin: [-10, 0, 100] };

describe('the part of a map that is drawn', () => {
  it('is every n-th voxel of the whole box, so many as can be drawn fluently', () => {
    expect(partOf(coarse, grid, 160 ** 3)).toEqual({ step: 3, region: undefined });
    expect(partOf(coarse, { ...grid, shape: [160, 160, 160] }, 160 ** 3)).toEqual({ step: 1, region: undefined });
  });

  it('is everything when asked for', () => {
    expect(partOf({ kind: 'all' }, grid, 1000)).toEqual({ step: 1, region: undefined });
  });

  it('is not everything where no browser could hold it', () => {
    expect(() => assertDrawable({ ...grid, shape: [512, 512, 512] })).not.toThrow();
    expect(() => assertDrawable({ ...grid, shape: [816, 816, 816] })).toThrow(/816 × 816 × 816.*640³/);
  });

  it('is a cube around a point, moved into the box at its faces', () => {
    // x = (140 + 10) / 1, y = 400 / 2, z = (1124 - 100) / 4
    const centre = [140, 400, 1124] as const;
    expect(partOf({ kind: 'around', centre }, grid, 100 ** 3)).toEqual({
      step: 1,
      region: [
        [206, 306],
        [150, 250],
        [100, 200],
      ],
    });
    const outside = [-1000, 0, 1e6] as const;
    expect(partOf({ kind: 'around', centre: outside }, grid, 320 ** 3)).toEqual({
      step: 1,
      region: [
        [192, 512],
        [0, 320],
        [0, 300],
      ],
    });
  });
});
