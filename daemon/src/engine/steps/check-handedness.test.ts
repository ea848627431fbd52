import { describe, expect, it } from 'vitest';
import { handednessOf } from './check-handedness.js';

const blocks = Array.from({ length: 40 }, (_, i) => ({
  turn: 0.02 + (i % 2 === 0 ? 0.03 : -0.03),
  size: 1 + (i % 4) / 4,
}));

describe('the handedness of blocks', () => {
  it('is the ratio of sums, in units of its scatter', () => {
    const { turn, deviation } = handednessOf(blocks, 1);
    expect(turn).toBeGreaterThan(0.01);
    // 40 blocks that scatter by 0.03 around 0.02.
    expect(deviation).toBeGreaterThan(2.5);
    expect(deviation).toBeLessThan(5.5);
  });

  it('changes its sign alone in a mirror', () => {
    const mirrored = handednessOf(
      blocks.map(({ turn, size }) => ({ turn: -turn, size })),
      1,
    );
    const found = handednessOf(blocks, 1);
    expect(mirrored).toEqual({ ...found, turn: -found.turn, deviation: -found.deviation });
  });

  it('is as uncertain with copies by symmetry as without them', () => {
    const all = handednessOf([...blocks, ...blocks, ...blocks], 3);
    expect(all.deviation).toBeCloseTo(handednessOf(blocks, 1).deviation, 9);
  });

  it('is 0 of nothing', () => {
    expect(handednessOf([{ turn: 0, size: 0 }], 1)).toMatchObject({ turn: 0, deviation: 0 });
  });
});
