import type { Grid } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { middleVoxel, spaceOperators, unequalAxes, voxelOperators } from './operators.js';
import { parsePointGroup } from './point-group.js';

const grid = (shape: Grid['shape'], voxelSize = 1): Grid => ({
  shape,
  voxelSize: [voxelSize, voxelSize, voxelSize],
  origin: [0, 0, 0],
});
const apply = (operators: Float64Array, i: number, zyx: readonly number[]): readonly number[] =>
  [0, 1, 2].map((row) => {
    const at = 12 * i + 4 * row;
    const [z, y, x, shift] = [...operators.subarray(at, at + 4)] as [number, number, number, number];
    return z * (zyx[0] ?? 0) + y * (zyx[1] ?? 0) + x * (zyx[2] ?? 0) + shift;
  });

describe('voxel operators', () => {
  it('turn about voxel n/2, rounded down for odd boxes', () => {
    expect(middleVoxel([10, 11, 97])).toEqual([5, 5, 48]);
    const c4 = spaceOperators(parsePointGroup('C4'), null, grid([10, 10, 10]));
    // Two voxels from the centre along x go to two along y.
    expect(apply(voxelOperators(c4, grid([10, 10, 10]), [5, 5, 5]), 1, [3, 5, 7])).toEqual([3, 7, 5]);
  });

  it('keep lengths in Å where voxel edges differ', () => {
    const flat: Grid = { ...grid([10, 10, 10]), voxelSize: [1, 1.01, 1] };
    const c4 = spaceOperators(parsePointGroup('C4'), null, flat);
    const [, y] = apply(voxelOperators(c4, flat, [5, 5, 5]), 1, [5, 5, 7.02]);
    expect(y).toBeCloseTo(5 + 2.02 / 1.01, 12);
  });

  it('step up a helix: right-handed turn by the twist, shift by the rise along +z, to both sides as far as the box', () => {
    const box = grid([21, 20, 20], 2); // 40 Å between the outermost voxels
    const helix = spaceOperators(parsePointGroup('C1'), { twist: 90, rise: 12 }, box);
    expect(helix.map(({ rise }) => rise)).toEqual([0, 12, -12, 24, -24, 36, -36]);
    const operators = voxelOperators(helix, box, [10, 10, 10]);
    expect(apply(operators, 1, [10, 10, 13])).toEqual([16, 13, 10]);
    expect(apply(operators, 2, [10, 10, 13])).toEqual([4, 7, 10]);
    expect(spaceOperators(parsePointGroup('D2'), { twist: 90, rise: 12 }, box)).toHaveLength(28);
  });

  it('refuse helices without sense', () => {
    const box = grid([21, 20, 20]);
    expect(() => spaceOperators(parsePointGroup('T'), { twist: 90, rise: 12 }, box)).toThrow(/Cn or Dn/);
    expect(() => spaceOperators(parsePointGroup('C1'), { twist: 90, rise: 0 }, box)).toThrow(/0 Å.*0\.1 Å/);
    expect(() => spaceOperators(parsePointGroup('C1'), { twist: 400, rise: 5 }, box)).toThrow(/400°/);
  });

  it('need equal edges only along axes that they mix', () => {
    const mixed = (name: string, shape: Grid['shape']): number =>
      unequalAxes(spaceOperators(parsePointGroup(name), null, grid(shape)), shape).length;
    expect(mixed('C7', [20, 10, 10])).toBe(0);
    expect(mixed('C2', [10, 20, 30])).toBe(0);
    expect(mixed('D2', [10, 20, 30])).toBe(0);
    expect(mixed('C3', [10, 20, 30])).toBe(1);
    expect(mixed('O', [20, 10, 10])).toBe(2);
    expect(mixed('I', [10, 10, 10])).toBe(0);
  });
});
