import { describe, expect, it } from 'vitest';
import { crossing, firstCrossing, shellAxis, sortedCrossing } from './resolution.js';

describe('frequencies of shells', () => {
  it('are their middles, and 0 for the mean', () => {
    expect(Array.from(shellAxis(8, 2, 'none'))).toEqual([0, 1.5 / 16, 2.5 / 16, 3.5 / 16]);
  });

  it('reach Nyquist in LocScale’s way', () => {
    expect(Array.from(shellAxis(8, 2, 'locscale-2.3'))).toEqual([0, 1 / 12, 2 / 12, 3 / 12]);
  });
});

describe('the crossing of a threshold', () => {
  const axis = [0, 0.1, 0.2, 0.3, 0.4];

  it('is the first one downwards, interpolated in frequency', () => {
    expect(firstCrossing([1, 0.9, 0.1, 0.6, 0], axis, 0.5)).toBeCloseTo(1 / 0.15, 12);
    expect(firstCrossing([1, 0.9, 0.5, 0.2, 0], axis, 0.5)).toBeCloseTo(1 / 0.2, 12);
  });

  it('is none where the curve stays above, or begins below', () => {
    expect(firstCrossing([1, 0.9, 0.8, 0.7, 0.6], axis, 0.5)).toBeNull();
    expect(firstCrossing([0.1, 0.2, 0.9, 0.2, 0], axis, 0.5)).toBeNull();
  });

  it('lies between neighbours in FSC value under LocScale’s rule, to 0.1 Å', () => {
    // Sorted: 0 (0.4), 0.1 (0.2), 0.6 (0.3), 0.9 (0.1), 1 (0): between 0.2 and 0.3 1/Å, four fifths of the way.
    expect(sortedCrossing([1, 0.9, 0.1, 0.6, 0], axis, 0.5)).toBe(3.6);
    expect(sortedCrossing([1, 0.9, 0.8, 0.7, 0.6], axis, 0.5)).toBeNull();
    expect(sortedCrossing([0.1, 0.2, 0.1, 0, 0.05], axis, 0.5)).toBeNull();
  });

  it('follows the rule that is asked for', () => {
    const curve = [1, 0.9, 0.1, 0.6, 0];
    expect(crossing(curve, axis, 0.5, 'none')).toBe(firstCrossing(curve, axis, 0.5));
    expect(crossing(curve, axis, 0.5, 'locscale-2.3')).toBe(3.6);
  });
});
