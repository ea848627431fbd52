/**
 * Weighted progress of a job whose steps are known in advance: each step's own fraction counts with the share of the
 * whole work that it stands for. The total never decreases.
 */
export class ProgressTree {
  readonly #weights: ReadonlyMap<string, number>;
  readonly #done = new Map<string, number>();
  #last = 0;

  constructor(weights: Readonly<Record<string, number>>) {
    const total = Object.values(weights).reduce((sum, w) => sum + w, 0);
    this.#weights = new Map(Object.entries(weights).map(([name, w]) => [name, w / total]));
  }

  /** Notes how far `leaf` is (0 to 1) and returns the fraction of the whole. */
  report(leaf: string, fraction: number): number {
    const clipped = Math.min(1, Math.max(0, fraction));
    this.#done.set(leaf, Math.max(this.#done.get(leaf) ?? 0, clipped));
    let sum = 0;
    for (const [name, share] of this.#done) sum += share * (this.#weights.get(name) ?? 0);
    this.#last = Math.min(1, Math.max(this.#last, sum));
    return this.#last;
  }
}
