/** A source of random numbers that gives the same sequence for the same seed. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  readonly uniform: () => number;
  /** Standard normal: mean 0, standard deviation 1. */
  readonly normal: () => number;
}

/** The generator `sfc32` (small fast counter, C. Doty-Humphrey, PractRand): 128 bits of state, period at least 2³². */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88;
  let counter = 1;
  const next = (): number => {
    const value = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + value) | 0;
    return value >>> 0;
  };
  // The seed needs some rounds to reach all bits.
  for (let round = 0; round < 15; round++) next();

  const uniform = (): number => next() / 2 ** 32;
  let spare: number | null = null;
  // Box–Muller; both values of a pair are used.
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}
