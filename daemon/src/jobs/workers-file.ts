import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { isSameProcess, killIfThere, processStartTime } from './process-identity.js';

const schema = z.array(z.object({ pid: z.int().positive(), startTime: z.string() }));
type Worker = z.infer<typeof schema>[number];

/** Remembers which engine processes run, so that a daemon started after a crash can end what the old one left behind. */
export class WorkersFile {
  readonly #path: string;
  #workers: readonly Worker[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** Kills the recorded processes that still run and are still the same; returns the pids of all that were recorded. */
  async endLeftovers(): Promise<readonly number[]> {
    const recorded = this.#read();
    for (const { pid, startTime } of recorded) if (await isSameProcess(pid, startTime)) killIfThere(pid);
    this.#write([]);
    return recorded.map(({ pid }) => pid);
  }

  async add(pid: number): Promise<void> {
    const startTime = await processStartTime(pid);
    if (startTime !== null) this.#write([...this.#workers, { pid, startTime }]);
  }

  remove(pid: number): void {
    this.#write(this.#workers.filter((worker) => worker.pid !== pid));
  }

  #read(): readonly Worker[] {
    try {
      return schema.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return [];
    }
  }

  #write(workers: readonly Worker[]): void {
    this.#workers = workers;
    const temporary = `${this.#path}.tmp`;
    writeFileSync(temporary, JSON.stringify(workers), { mode: 0o600 });
    renameSync(temporary, this.#path);
  }
}
