import { describe, expect, it } from 'vitest';
import { findHalfMaps, guessRole, halfOf } from './file-names.js';

describe('half maps among dropped files', () => {
  it.each([
    [['run_half1_class001_unfil.mrc', 'run_half2_class001_unfil.mrc']],
    [['cryosparc_P1_J5_map_half_A.mrc', 'cryosparc_P1_J5_map_half_B.mrc']],
    [['emd_1234_half_map_1.map.gz', 'emd_1234_half_map_2.map.gz']],
    [['x_1.mrc', 'x_2.mrc']],
    [['rec_odd.mrc', 'rec_even.mrc']],
  ])('are found: %s', (names) => {
    expect(findHalfMaps(names)).toEqual([0, 1]);
    expect(findHalfMaps(['mask.mrc', ...[...names].reverse()])).toEqual([2, 1]);
  });

  it('are not made of two different reconstructions', () => {
    expect(findHalfMaps(['a_half1.mrc', 'b_half2.mrc'])).toBeUndefined();
    expect(findHalfMaps(['a_half1.mrc', 'a_half1.mrc'])).toBeUndefined();
    expect(findHalfMaps(['a.mrc', 'b.mrc'])).toBeUndefined();
  });
});

it('which half a file is, and of what, is in its name', () => {
  expect(halfOf('run_half2.mrc')).toBe(2);
  expect(halfOf('run_A.mrc')).toBe(1);
  expect(halfOf('run.mrc')).toBeUndefined();
});

it.each([
  ['6wqa.pdb', 'model'],
  ['fit.cif.gz', 'model'],
  ['scene.molj', 'scene'],
  ['mask_96.mrc', 'mask'],
  ['model_map.mrc', 'reference'],
  ['x_half2.mrc', 'half map'],
  ['emd_4588.map', 'map'],
])('%s is a %s by its name', (name, role) => {
  expect(guessRole(name)).toBe(role);
});
