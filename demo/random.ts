/** A source of random numbers that always gives the same sequence for the same seed. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  readonly uniform: () => number;
  /** Standard normal: mean 0, standard deviation 1. */
  readonly normal: () => number;
}

/** A different, well separated seed for each named purpose, so that one part can change without moving the others. */
export const seedFor = (seed: number, purpose: string): number => {
  // FNV-1a over the purpose, started from the seed (constants: Fowler, Noll and Vo, 32-bit variant).
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const character of purpose) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
};

/**
 * The counter-based generator `SplitMix32`: a Weyl sequence through an avalanche mixer. Period 2³², ample for the few
 * million draws of one map and, unlike Math.random, reproducible.
 */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };

  let spare: number | undefined;
  // Box–Muller; both values of a pair are used.
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
};
