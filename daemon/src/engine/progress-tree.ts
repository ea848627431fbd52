/**
 * Weighted progress of a job: the fraction of each step counts with the share of the whole work that the step stands for.
 * The total never decreases.
 */
export class ProgressTree {
  readonly #weights = new Map<string, number>();
  readonly #done = new Map<string, number>();
  #last = 0;

  constructor(weights: Readonly<Record<string, number>> = {}) {
    for (const [leaf, weight] of Object.entries(weights)) this.expect(leaf, weight);
  }

  /** Makes room for a step before the first one runs. */
  expect(leaf: string, weight: number): void {
    this.#weights.set(leaf, (this.#weights.get(leaf) ?? 0) + weight);
  }

  /** Notes how far `leaf` is (0 to 1) and returns the fraction of the whole. */
  report(leaf: string, fraction: number): number {
    const clipped = Math.min(1, Math.max(0, fraction));
    this.#done.set(leaf, Math.max(this.#done.get(leaf) ?? 0, clipped));
    let sum = 0;
    let total = 0;
    for (const weight of this.#weights.values()) total += weight;
    for (const [name, share] of this.#done) sum += share * (this.#weights.get(name) ?? 0);
    if (total > 0) this.#last = Math.min(1, Math.max(this.#last, sum / total));
    return this.#last;
  }
}
