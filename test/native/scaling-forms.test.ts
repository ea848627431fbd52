import { describe, expect, it } from 'vitest';
import { combineHalfMaps, scaleWindows, type Shape } from '@locscale/native';
import { goldenForm, goldenMode } from './golden-forms.js';
import { goldenMap, goldenMissing, goldenReason, goldenShape } from './helpers.js';
import { ballMask, blobMap } from './scaling-cases.js';

/** Largest difference over the mask, relative to the standard deviation of the expected values about 0 there. */
function worst(expected: Float32Array, found: Float32Array, at: (i: number) => boolean): number {
  let power = 0;
  let count = 0;
  let largest = 0;
  expected.forEach((value, i) => {
    if (!at(i)) return;
    power += value ** 2;
    count += 1;
    const difference = Math.abs(value - (found[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  });
  expect(count).toBeGreaterThan(500);
  return largest / Math.sqrt(power / count);
}

describe.skipIf(goldenMissing)(`forms of the scale factors against LocScale 2.3.1 (${goldenReason})`, () => {
  it.each([
    'slab_atomic_measured_b',
    'slab_theoretical',
    'slab_theoretical_boost1',
    'slab_no_reference',
    'slab_no_reference_b0',
    'slab_hybrid',
    'edge_theoretical',
  ])('%s', async (mode) => {
    const numbers = goldenMode(mode);
    const maskMap = goldenMap(mode.startsWith('edge') ? 'mask_edge.mrc.gz' : 'mask_slab.mrc.gz');
    const mask = Uint8Array.from(maskMap, (v) => (v >= 0.5 ? 1 : 0));
    const result = await scaleWindows({
      ...goldenForm(mode, numbers),
      map: await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz')),
      mask,
      shape: goldenShape,
      windowSize: numbers.window,
      fill: { map: numbers.padding_value_emmap ?? 0, reference: numbers.padding_value_modmap ?? 0 },
    });
    const inMask = (i: number): boolean => mask[i] === 1;
    expect(worst(goldenMap(`locscale_${mode}.mrc.gz`), result.scaled, inMask)).toBeLessThan(1e-5);
    expect(result.failedFits).toBe(0);
    if (mode.startsWith('edge')) return;
    // Where LocScale measures nothing it writes the constants 99 and 0.99; here those voxels hold 0.
    const bfactors = goldenMap(`bfactor_${mode}.mrc.gz`);
    const measured = (i: number): boolean => inMask(i) && bfactors[i] !== 99;
    expect(worst(bfactors, result.bfactors ?? new Float32Array(), measured)).toBeLessThan(1e-5);
    const qualities = goldenMap(`qfit_${mode}.mrc.gz`);
    expect(worst(qualities, result.qualities ?? new Float32Array(), measured)).toBeLessThan(1e-5);
    expect(result.bfactors?.some((value, i) => value !== 0 && !measured(i))).toBe(false);
  });
});

describe('forms of the scale factors', () => {
  const shape: Shape = [44, 40, 42];
  const map = blobMap(shape, 1);
  const reference = blobMap(shape, 2, 1);
  const mask = ballMask(shape, 8);
  const maps = { map, mask, shape, windowSize: 20 };
  const cutoffs = { voxelSize: 1.2, wilsonCutoff: 8, fscCutoff: 3.4 };
  const theory = Float64Array.from({ length: 11 }, (_, r) => 4000 * Math.exp(-r / 3) + 300);
  const theoretical = { ...cutoffs, nyquistCutoff: 2.5, boost: 1.5, theory };

  it('hybrid is theoretical inside the difference mask and atomic outside, bit for bit', async () => {
    const differenceMask = mask.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const [atomic, theory1, hybrid] = await Promise.all([
      scaleWindows({ ...maps, form: 'atomic', reference }),
      scaleWindows({ ...maps, form: 'theoretical', reference, ...theoretical }),
      scaleWindows({ ...maps, form: 'hybrid', reference, ...theoretical, differenceMask }),
    ]);
    const expected = hybrid.scaled.map((_, i) => (differenceMask[i] === 1 ? theory1 : atomic).scaled[i] ?? NaN);
    expect(hybrid.scaled).toEqual(expected);
    expect(theory1.scaled).not.toEqual(atomic.scaled);
  });

  it('the no-reference form gives every window the B-factor that was asked for', async () => {
    const first = await scaleWindows({ ...maps, form: 'no-reference', ...cutoffs, targetBfactor: 20 });
    const softer = await scaleWindows({ ...maps, form: 'no-reference', ...cutoffs, targetBfactor: 60 });
    expect(softer.bfactors).toEqual(first.bfactors);
    const power = (a: Float32Array): number => a.reduce((sum, v) => sum + v * v, 0);
    expect(power(softer.scaled)).toBeLessThan(power(first.scaled));
  });

  it('an amplitude of zero fails the fit of that voxel alone, and is counted', async () => {
    const hollow = reference.map((v, i) => (i < reference.length / 2 ? 0 : v));
    const result = await scaleWindows({ ...maps, form: 'theoretical', reference: hollow, ...theoretical });
    expect(result.scaled.every((v) => Number.isFinite(v))).toBe(true);
    expect(result.bfactors?.every((v) => Number.isFinite(v))).toBe(true);
    const flat = await scaleWindows({
      ...maps,
      map: new Float32Array(map.length).fill(1),
      form: 'no-reference',
      ...cutoffs,
      targetBfactor: 0,
    });
    expect(flat.scaled.every((v) => Number.isFinite(v))).toBe(true);
  });

  it.each([
    [
      'cut-offs that leave no bins',
      { ...cutoffs, fscCutoff: 7.9, targetBfactor: 20 },
      /frequency bins between 8 and 7.9 A/,
    ],
    ['a negative B-factor', { ...cutoffs, targetBfactor: -1 }, /targetBfactor is -1/],
    ['a voxel size of 0', { ...cutoffs, voxelSize: 0, targetBfactor: 20 }, /voxelSize is 0/],
  ])('refuses %s', async (_, parameters, message) => {
    const refused = scaleWindows({ ...maps, form: 'no-reference', ...parameters });
    await expect(refused).rejects.toMatchObject({ kind: 'input.parameter' });
    await expect(refused).rejects.toThrow(message);
  });

  it('refuses a theoretical profile of another length or with zeros', async () => {
    const short = scaleWindows({ ...maps, form: 'theoretical', reference, ...theoretical, theory: theory.slice(1) });
    await expect(short).rejects.toThrow(/holds 10 amplitudes, but 11/);
    const zeros = scaleWindows({
      ...maps,
      form: 'theoretical',
      reference,
      ...theoretical,
      theory: new Float64Array(11),
    });
    await expect(zeros).rejects.toThrow(/positive amplitudes/);
  });
});
