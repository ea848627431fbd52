import { describe, expect, it } from 'vitest';
import { expectAtoms, numberOfAtoms } from './number-of-atoms.js';

describe('the number of pseudo-atoms', () => {
  // 91,612 voxels of 1.1 Å: the case of the measurements in the description of LocScale's stepping.
  const volume = 91_612 * 1.1 ** 3;

  it('is an atom in 25 Å³ of a whole molecule’s mask, in 16 Å³ of what a model leaves out', () => {
    expect(numberOfAtoms({ kind: 'unmodelled' }, volume)).toBe(7544);
    expect(numberOfAtoms({ kind: 'mask' }, volume)).toBe(4867);
    expect(volume / 4867).toBeCloseTo(25.05, 2);
    expect(volume / 7544).toBeCloseTo(16.16, 2);
  });

  it('is rounded twice, as in LocScale', () => {
    // 1000 Å³ are 61.87 atoms: 62, and 62 / 1.55 are 40; 61.87 / 1.55 would be 39.9.
    expect(numberOfAtoms({ kind: 'unmodelled' }, 1000)).toBe(62);
    expect(numberOfAtoms({ kind: 'mask' }, 1000)).toBe(40);
  });

  it('follows from a weight instead, whatever the mask', () => {
    expect(numberOfAtoms({ kind: 'weight', kilodalton: 50 }, volume)).toBe(3805);
    expect(numberOfAtoms({ kind: 'weight', kilodalton: 150.5 }, 0)).toBe(11_453);
  });

  it.each([
    [{ kind: 'mask' }, 0, 0, /^No voxel of the mask reaches 0\.99, too small a volume for an atom; give a mask/],
    [{ kind: 'mask' }, 8, 5, /^Only 5 voxels of the mask reach 0\.99/],
    [{ kind: 'weight', kilodalton: 0.01 }, 8000, 1000, /^A molecular weight of 0\.01 kDa is less than one atom/],
  ] as const)('is never 0: %o in %d Å³', (count, cubic, voxels, sentence) => {
    expect(() => expectAtoms(count, cubic, voxels, 0.99)).toThrow(sentence);
  });
});
