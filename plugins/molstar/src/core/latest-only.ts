/**
 * Runs one piece of work at a time and of those that came meanwhile only the newest: a slider moves faster than a surface of
 * 256³ voxels can follow, and a queue of old positions would only grow.
 */
export class LatestOnly {
  #running: Promise<void> | undefined;
  #next: (() => Promise<void>) | undefined;

  /** Resolves when this work, or newer work that replaced it, is done. */
  run(work: () => Promise<void>): Promise<void> {
    this.#next = work;
    return (this.#running ??= this.#drain());
  }

  /** Resolves when nothing is being done; never rejects. */
  get settled(): Promise<void> {
    return (this.#running ?? Promise.resolve()).catch(() => undefined);
  }

  async #drain(): Promise<void> {
    try {
      for (let work = this.#next; work !== undefined; work = this.#next) {
        this.#next = undefined;
        await work();
      }
    } finally {
      this.#running = undefined;
      this.#next = undefined;
    }
  }
}
