import { describe, expect, it } from 'vitest';
import { runsOf } from './finished-sections.js';

describe('finished sections', () => {
  it('join to stretches without a gap, in whatever order they came', () => {
    expect(runsOf([])).toEqual([]);
    expect(runsOf([[96, 192]])).toEqual([[96, 192]]);
    const apart = [
      [96, 192],
      [288, 320],
      [0, 96],
    ] as const;
    expect(runsOf(apart)).toEqual([
      [0, 192],
      [288, 320],
    ]);
    expect(runsOf([...apart, [192, 288]])).toEqual([[0, 320]]);
  });
});
