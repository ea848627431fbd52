import { describe, expect, it } from 'vitest';
import { levelEnclosing, shareEnclosed } from './enclosed.js';
import { measure } from './map-statistics.js';

const loaded = (values: Float32Array<ArrayBuffer>, shape: readonly [number, number, number]) => ({
  voxels: {
    grid: {
      shape: [...shape] as [number, number, number],
      voxelSize: [1, 1, 1] as [number, number, number],
      origin: [0, 0, 0] as [number, number, number],
    },
    values,
  },
  statistics: measure(values),
});

describe('the level that encloses a share of a map', () => {
  it('has that share of the voxels above it', () => {
    const map = loaded(
      Float32Array.from({ length: 1000 }, (_, i) => i - 500),
      [10, 10, 10],
    );
    expect(shareEnclosed(levelEnclosing(0.1, map), map)).toBeCloseTo(0.1, 2);
  });

  it('stays inside a map that is 0 outside a mask smaller than that share', () => {
    const map = loaded(
      Float32Array.from({ length: 1000 }, (_, i) => (i < 20 ? (i % 2 === 0 ? i : -i) : 0)),
      [10, 10, 10],
    );
    const level = levelEnclosing(0.1, map);
    expect(level.value).toBeGreaterThan(0);
    expect(shareEnclosed(level, map)).toBeGreaterThan(0);
  });

  it('counts within part of the box', () => {
    const map = loaded(
      Float32Array.from({ length: 8 * 8 * 8 }, (_, i) => (i % 8 < 4 ? 1 : -1)),
      [8, 8, 8],
    );
    const level = { kind: 'absolute', value: 0 } as const;
    expect(shareEnclosed(level, map)).toBe(0.5);
    expect(
      shareEnclosed(level, map, [
        [2, 5],
        [0, 8],
        [0, 4],
      ]),
    ).toBe(1);
    expect(
      shareEnclosed(level, map, [
        [2, 5],
        [0, 8],
        [3, 5],
      ]),
    ).toBe(0.5);
  });
});
