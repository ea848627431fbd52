import { randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';

/** Entries at a time; each is at most a few kilobytes here, whatever its size on disk. */
const most = 1000;

/** What a registry knows of an entry. */
export interface Held<Description, Source> {
  description: Description;
  readonly source: Source;
  /** Jobs and downloads that need it now. */
  uses: number;
}

/** What the daemon holds of one kind, by id: what is known of each, the file where it lies, and whether somebody needs it. */
export abstract class Registry<
  Description extends { readonly id: string },
  Source extends { readonly path: string },
  Entry extends Held<Description, Source>,
> {
  readonly #noun: 'volume' | 'model';
  readonly #entries = new Map<string, Entry>();

  protected constructor(noun: 'volume' | 'model') {
    this.#noun = noun;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  describe(id: string): Description {
    return this.get(id).description;
  }

  list(): Description[] {
    return [...this.#entries.values()].map(({ description }) => description);
  }

  source(id: string): Source {
    return this.get(id).source;
  }

  /** The files of all entries: what a saved file must never replace. */
  paths(): string[] {
    return [...this.#entries.values()].map(({ source }) => source.path);
  }

  /** Keeps it from being closed until the returned function is called. */
  use(id: string): () => void {
    const entry = this.get(id);
    entry.uses++;
    let used = true;
    return () => {
      if (used) entry.uses--;
      used = false;
    };
  }

  /** The same for whatever entry lies in this file, if any does. */
  usePath(path: string): () => void {
    const entry = [...this.#entries.values()].find(({ source }) => source.path === path);
    return entry === undefined ? () => undefined : this.use(entry.description.id);
  }

  protected newId(): string {
    const noun = this.#noun;
    if (this.#entries.size >= most)
      throw new LocScaleError(
        'limit.busy',
        `The daemon holds ${most} ${noun}s, the most it can; close some with ${noun}.close.`,
      );
    return `${noun === 'volume' ? 'vol' : 'mdl'}-${randomBytes(8).toString('hex')}`;
  }

  protected put(entry: Entry): Description {
    this.#entries.set(entry.description.id, entry);
    return entry.description;
  }

  protected find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  protected get(id: string): Entry {
    const entry = this.find(id);
    if (entry !== undefined) return entry;
    const noun = this.#noun;
    throw new LocScaleError(`${noun}.unknown`, `No ${noun} has the id ${id}; ${noun}.list names those that are open.`);
  }

  /** Forgets an entry, whether it is in use or not. */
  protected forget(id: string): void {
    this.#entries.delete(id);
  }

  /** Forgets an entry that nobody uses, and returns what it was. */
  protected takeOut(id: string): Entry {
    const entry = this.get(id);
    if (entry.uses > 0)
      throw new LocScaleError(
        `${this.#noun}.busy`,
        `The ${this.#noun} ${id} is in use by a job or a download; wait for it or cancel the job.`,
      );
    this.forget(id);
    return entry;
  }
}

/** Paths come from clients, which have folders of their own. */
export function assertAbsolute(path: string): void {
  if (!isAbsolute(path) || path.includes('\0'))
    throw new LocScaleError(
      'access.path',
      `The path ${JSON.stringify(path)} is not absolute; give the whole path from the root folder.`,
    );
}
