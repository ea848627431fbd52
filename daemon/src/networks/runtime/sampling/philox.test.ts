import { describe, expect, it } from 'vitest';
import { fillMask, keepingOf } from './mask-bits.js';
import { keyOfSeed, philox } from './philox.js';

const draw = { key: keyOfSeed(7), cube: 3, sample: 2, layer: 1 };

describe('Philox 4x32, 10 rounds', () => {
  // Known answers that come with Random123, the authors' own library.
  it.each([
    [[0, 0], [0, 0, 0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [[0xa4093822, 0x299f31d0], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ] as const)('key %j, counter %j', (key, [a, b, c, d], expected) => {
    const words = new Uint32Array(4);
    philox(words, key, a, b, c, d);
    expect([...words].map((word) => word.toString(16).padStart(8, '0')).join(' ')).toBe(expected);
  });

  it('has a key of its own for each seed, also above 32 bits', () => {
    expect(keyOfSeed(2 ** 32 + 5)).toEqual([5, 1]);
    expect(keyOfSeed(5)).toEqual([5, 0]);
  });
});

describe('masks', () => {
  const ones = (mask: Uint32Array): number =>
    mask.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
  const words = 4096;

  it.each([0.5, 0.25, 0.1, 0.9, 0.03])('of the rate %d keep as many as they should', (rate) => {
    const mask = new Uint32Array(words);
    const { share, scale } = keepingOf(rate);
    fillMask(mask, share, draw);
    const n = words * 32;
    // Five standard deviations of the binomial distribution.
    expect(Math.abs(ones(mask) - (1 - rate) * n)).toBeLessThan(5 * Math.sqrt(n * rate * (1 - rate)));
    expect(Math.abs(scale * (1 - rate) - 1)).toBeLessThan(1e-3);
  });

  it('keep all without dropout, and are independent between neighbours', () => {
    const all = new Uint32Array(3);
    fillMask(all, keepingOf(0).share, draw);
    expect([...all]).toEqual([0xffffffff, 0xffffffff, 0xffffffff]);
    const mask = new Uint32Array(words);
    fillMask(mask, keepingOf(0.25).share, draw);
    // Neighbouring bits, and bits of neighbouring words, are both 1 with 0.75².
    const together = [
      ones(mask.map((word) => word & (word >>> 1) & 0x7fffffff)) / (words * 31),
      ones(mask.map((word, at) => word & (mask[(at + 1) % words] ?? 0))) / (words * 32),
    ];
    for (const share of together) expect(Math.abs(share - 0.5625)).toBeLessThan(0.008);
  });

  it.each([{ cube: 4 }, { sample: 3 }, { layer: 2 }, { key: keyOfSeed(8) }])('differ with %j', (change) => {
    const [mask, other] = [new Uint32Array(64), new Uint32Array(64)];
    fillMask(mask, 32768, draw);
    fillMask(other, 32768, { ...draw, ...change });
    expect(ones(mask.map((word, at) => word ^ (other[at] ?? 0)))).toBeGreaterThan(900);
  });
});
