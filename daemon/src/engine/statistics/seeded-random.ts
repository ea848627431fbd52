/** Numbers in [0, 1) that a seed repeats: Marsaglia's 32-bit xorshift (2003), good enough to choose places. */
export function seededRandom(seed: number): () => number {
  // The state must not be 0; small seeds are spread out so that their first numbers differ.
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x6d2b79f5) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
