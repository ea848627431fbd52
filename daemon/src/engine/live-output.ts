import type { Grid } from '@chimerax-like/rpc';
import type { TaskHooks } from './context.js';
import type { Slab } from './messages.js';
import { Courtesy } from './priority.js';
import { RawWriter } from './raw-file.js';

export type Sections = readonly [first: number, end: number];

/** An output that clients can read while it grows: finished sections go to its raw file and are told of, in any order. */
export class LiveOutput {
  readonly #name: string;
  readonly #shape: Grid['shape'];
  readonly #hooks: TaskHooks;
  readonly #signal: AbortSignal;
  readonly #writer: RawWriter;
  readonly #written: Sections[] = [];
  readonly #courtesy = new Courtesy();
  #last: Promise<void> = Promise.resolve();
  #isEnding = false;

  private constructor(name: string, shape: Grid['shape'], hooks: TaskHooks, writer: RawWriter) {
    this.#name = name;
    this.#shape = shape;
    this.#hooks = hooks;
    this.#signal = hooks.signal ?? new AbortController().signal;
    this.#writer = writer;
  }

  static async create(path: string, name: string, shape: Grid['shape'], hooks: TaskHooks): Promise<LiveOutput> {
    return new LiveOutput(name, shape, hooks, await RawWriter.create(path, shape));
  }

  /** Writes sections of `voxels`, the whole volume, behind whatever is being written; a failure comes out of `finish`. */
  add(voxels: Float32Array, sections: Sections): void {
    this.#written.push(sections);
    this.#show(voxels, sections, { output: this.#name, sections });
  }

  /** Makes columns of sections readable before the rest of the sections is final. */
  addBlock(voxels: Float32Array, sections: Sections, columns: Sections): void {
    this.#show(voxels, sections, { output: this.#name, sections, columns });
  }

  /** Writes what has not been written yet and makes it durable. */
  async finish(voxels: Float32Array): Promise<void> {
    this.#end();
    const written = [...this.#written].sort(([a], [b]) => a - b);
    let next = 0;
    for (const [first, end] of [...written, [this.#shape[0], this.#shape[0]] as const]) {
      if (first > next) this.add(voxels, [next, first]);
      next = end;
    }
    await this.#last;
    await this.#writer.finish();
  }

  async discard(): Promise<void> {
    this.#end();
    await this.#last.catch(() => undefined);
    await this.#writer.discard();
  }

  /** Nothing is computed any more beside which somebody draws. */
  #end(): void {
    this.#isEnding = true;
    this.#courtesy.end();
  }

  #show(voxels: Float32Array, [first, end]: Sections, slab: Slab): void {
    const from = first * this.#sectionVoxels;
    const part = voxels.subarray(from, end * this.#sectionVoxels);
    this.#last = this.#last.then(async () => {
      await this.#writer.write(part, from, this.#signal);
      this.#hooks.onSlab?.(slab);
      // Somebody may draw it now.
      if (!this.#isEnding) this.#courtesy.begin();
    });
    // It must not count as unhandled meanwhile.
    this.#last.catch(() => undefined);
  }

  get #sectionVoxels(): number {
    return this.#shape[1] * this.#shape[2];
  }
}
