import { type Key, philox } from './philox.js';

/** Probabilities are multiples of 1/65536. */
const resolution = 16;
const unity = 2 ** resolution;

/** How often a value is kept, and what it is multiplied by then, so that the mean stays. */
export interface Keeping {
  /** Probability of keeping, in parts of 65536. */
  readonly share: number;
  readonly scale: number;
}

export function keepingOf(rate: number): Keeping {
  const share = Math.max(1, Math.round((1 - rate) * unity));
  return { share, scale: unity / share };
}

/** What the masks of one layer in one pass over one cube depend on. */
export interface Draw {
  readonly key: Key;
  /** Number of the cube in the whole grid. */
  readonly cube: number;
  readonly sample: number;
  readonly layer: number;
}

/**
 * Fills `mask` with bits that are 1 with the probability `share`/65536. The bits of a probability, from the lowest set one up, each
 * take one random word: OR where the bit is 1, AND where it is 0, which gives all 32 results of a word at once; a rate of 0.5
 * takes one random bit a value, 0.25 two, and no rate more than 16.
 */
export function fillMask(mask: Uint32Array, share: number, { key, cube, sample, layer }: Draw): void {
  if (share >= unity) {
    mask.fill(0xffffffff);
    return;
  }
  const lowest = 31 - Math.clz32(share & -share);
  const words = new Uint32Array(4);
  let [block, used] = [0, 4];
  for (let at = 0; at < mask.length; at++) {
    let kept = 0;
    for (let bit = lowest; bit < resolution; bit++) {
      if (used === 4) {
        philox(words, key, block++, layer, sample, cube);
        used = 0;
      }
      const random = words[used++] as number;
      kept = (share >>> bit) & 1 ? kept | random : kept & random;
    }
    mask[at] = kept;
  }
}
