import { describe, expect, it } from 'vitest';
import { withMapShare } from '../../daemon/src/engine/steps/map-share.js';
import { bytesOf, largestDifference, singlesOf, stored } from './evaluate.js';

/** A small prediction with its share of the map as the training computes it; training/…/small_fixture.py makes it. */
interface Fixture {
  readonly shape: [number, number, number];
  readonly mapShare: { readonly most: number; readonly density: number };
  readonly prediction: string;
  readonly standardised: string;
  readonly mask: string;
  readonly shared: string;
}
const fixture = stored('map-share.json') as Fixture;
const { shape, mapShare } = fixture;
const [prediction, standard, mask] = [
  singlesOf(fixture.prediction),
  singlesOf(fixture.standardised),
  bytesOf(fixture.mask),
];
const options = { signal: new AbortController().signal, threads: 2 };
const task = { prediction, standard, mask, shape, mapShare };

const changeOf = (shared: Float32Array): number =>
  Math.hypot(...shared.map((value, i) => value - (prediction[i] as number))) / Math.hypot(...prediction);

describe('a share of the map in its prediction', () => {
  it('is what the training has, with which the calibrator was fitted', async () => {
    const shared = await withMapShare(task, options);
    expect(largestDifference(shared, singlesOf(fixture.shared))).toBeLessThan(1e-5);
    expect(changeOf(shared)).toBeGreaterThan(0.01);
  });

  it('leaves 0 where the network did not look', async () => {
    const shared = await withMapShare({ ...task, mask: mask.map(() => 1) }, options);
    expect(prediction.some((value) => value === 0)).toBe(true);
    prediction.forEach((value, i) => {
      if (value === 0) expect(shared[i]).toBe(0);
    });
  });

  it('does not depend on the scale of the map, and is nothing of a map that is flat or has nothing in common', async () => {
    const once = await withMapShare(task, options);
    const scaled = await withMapShare({ ...task, standard: standard.map((value) => 1000 * value) }, options);
    expect(largestDifference(scaled, once)).toBeLessThan(1e-5);
    const flat = await withMapShare({ ...task, standard: standard.map(() => 0) }, options);
    expect(changeOf(flat)).toBe(0);
    const opposite = await withMapShare({ ...task, standard: prediction.map((value) => -value) }, options);
    expect(changeOf(opposite)).toBe(0);
  });
});
