/** A small generator with a fixed seed (xorshift32), so that a failing case can be had again. */
export const randomIntegers = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};
