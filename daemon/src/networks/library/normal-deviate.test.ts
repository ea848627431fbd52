import { describe, expect, it } from 'vitest';
import { type Calibrator, calibratorSchema } from './manifest.js';
import { normalDeviate } from './normal-deviate.js';

const plain: Calibrator = { kind: 'isotonic', samples: 15, x: [0, 1], y: [1, 1] };
const curved: Calibrator = { ...plain, deviates: { seen: [0, 1, 3], normal: [0, 1, 2] } };

describe('deviates of a calibrator', () => {
  it('are the errors themselves without a curve', () => {
    expect(normalDeviate(plain, -1.7)).toBe(-1.7);
  });

  it('follow the curve between its knots and go on in proportion, with the sign of the error', () => {
    expect([0, 0.5, 1, 2, 3, 6].map((ratio) => normalDeviate(curved, ratio))).toEqual([0, 0.5, 1, 1.5, 2, 4]);
    expect(normalDeviate(curved, -2)).toBe(-1.5);
  });

  it('need a curve that begins with 0 and rises', () => {
    expect(calibratorSchema.safeParse(curved).success).toBe(true);
    for (const seen of [
      [0, 2, 1],
      [1, 2, 3],
      [0, 1],
      [0, 1, 1],
    ])
      expect(calibratorSchema.safeParse({ ...plain, deviates: { seen, normal: [0, 1, 2] } }).success).toBe(false);
  });
});
