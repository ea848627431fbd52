/** Times named parts of a run, one after the other, and tells each as it ends. */
export class Stopwatch {
  readonly #timings: { readonly part: string; readonly seconds: number }[] = [];
  readonly #onPart: (part: string, seconds: number) => void;

  constructor(onPart: (part: string, seconds: number) => void) {
    this.#onPart = onPart;
  }

  get timings(): readonly { readonly part: string; readonly seconds: number }[] {
    return this.#timings;
  }

  async time<T>(part: string, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    this.#timings.push({ part, seconds });
    this.#onPart(part, seconds);
    return result;
  }
}
