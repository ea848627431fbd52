/**
 * Philox 4x32 with 10 rounds: four random words that depend on nothing but a counter of four words and a key of two, so that any
 * part of a sequence can be made anywhere at any time (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011).
 */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const rounds = 10;

/** Words 0 and 1 are the key; a seed below 2^53 fills both. */
export type Key = readonly [number, number];
export const keyOfSeed = (seed: number): Key => [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];

/** Upper word of the product of two words, from products of their halves. All that follows is in 32-bit integers, which is what makes it fast. */
function upper(a: number, b: number): number {
  const ah = a >>> 16;
  const al = a & 0xffff;
  const bh = b >>> 16;
  const bl = b & 0xffff;
  const low = Math.imul(al, bl);
  const middle = (Math.imul(ah, bl) + (low >>> 16)) | 0;
  const other = (Math.imul(al, bh) + (middle & 0xffff)) | 0;
  return (Math.imul(ah, bh) + (middle >>> 16) + (other >>> 16)) | 0;
}

/** Writes the four words for a counter into `words`. */
export function philox(words: Uint32Array, key: Key, a: number, b: number, c: number, d: number): void {
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < rounds; round++) {
    const high0 = upper(multiplier0, a);
    const high1 = upper(multiplier1, c);
    const low0 = Math.imul(multiplier0, a);
    const low1 = Math.imul(multiplier1, c);
    a = high1 ^ b ^ k0;
    b = low1;
    c = high0 ^ d ^ k1;
    d = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
}
