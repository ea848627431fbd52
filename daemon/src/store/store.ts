import { lstat, mkdir } from 'node:fs/promises';
import { endianness } from 'node:os';
import { entryPath, listEntries, openFolder, remove, removeTemporaryFiles } from './folder.js';
import { isKey } from './key.js';
import { storeLimit } from './limit.js';
import { readEntry } from './read-entry.js';
import { prepareEntry, writeEntry } from './write-entry.js';

export interface StoreStatus {
  readonly folder: string;
  readonly entries: number;
  readonly bytes: number;
  /** 0: nothing is kept and nothing is found. */
  readonly limitBytes: number;
  /** ISO 8601, UTC; null when the store is empty. */
  readonly oldestUse: string | null;
  readonly newestUse: string | null;
}

/** For so long we trust our own count of bytes: other processes write, too. */
const countTrustedMs = 5_000;
/** What is made free when the limit is passed: looking through thousands of entries for each new one would take longer than writing it. */
const shareFreed = 1 / 16;

/**
 * Results of steps by key, on disk, bounded, shared by any number of processes and machines. No locks: an entry appears by
 * renaming and is whole or not there; whoever finds the store too large removes what was used longest ago. Nothing that goes wrong
 * with an entry fails a job: what cannot be read is missing, what cannot be written is not kept.
 */
export class Store {
  readonly #folder: string;
  readonly #limitBytes: number;
  /** What the entries take, as far as we know, and when we looked. */
  #count: { bytes: number; at: number } | null = null;

  private constructor(folder: string, limitBytes: number) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
  }

  /** Opens or makes the store. The limit, unless given, is that of `LOCSCALE_STORE_LIMIT` or follows from the disk. */
  static async open(folder: string, options: { readonly limitBytes?: number | undefined } = {}): Promise<Store> {
    const real = await openFolder(folder);
    const limitBytes = options.limitBytes ?? (await storeLimit(real));
    await removeTemporaryFiles(real, 'abandoned');
    // Arrays are written as they lie in memory.
    return new Store(real, endianness() === 'LE' ? limitBytes : 0);
  }

  /** Whether an entry is there; that it is whole turns out only when it is read. */
  async has(key: string): Promise<boolean> {
    if (this.#limitBytes === 0) return false;
    return lstat(this.#path(key)).then(
      (stats) => stats.isFile(),
      () => false,
    );
  }

  /** The value, in memory of its own, or undefined. Counts as a use; an entry that is damaged is removed. */
  async get(key: string, signal?: AbortSignal): Promise<unknown> {
    const path = this.#path(key);
    if (this.#limitBytes === 0) return undefined;
    const reading = await readEntry(path, key, signal);
    if (reading.kind === 'damaged') await remove(path);
    return reading.kind === 'whole' ? reading.value : undefined;
  }

  /**
   * Keeps a value: JSON-able data with typed arrays anywhere inside, which must not change until the promise settles. False when it
   * was not kept: larger than the limit, disk full, folder gone. Rejects only when cancelled or given what no entry can hold.
   */
  async put(key: string, value: unknown, signal?: AbortSignal): Promise<boolean> {
    const path = this.#path(key);
    const entry = prepareEntry(key, value);
    const bytes = entry.layout.fileBytes;
    if (bytes > this.#limitBytes) return false;
    try {
      // A user may have deleted the folder under a daemon that goes on.
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeEntry(this.#folder, path, entry, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
    await this.#keepLimit(key, bytes);
    return true;
  }

  async delete(key: string): Promise<void> {
    await remove(this.#path(key));
  }

  async status(): Promise<StoreStatus> {
    const entries = await listEntries(this.#folder);
    const uses = entries.map(({ usedAt }) => usedAt).sort((a, b) => a - b);
    const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
    return {
      folder: this.#folder,
      entries: entries.length,
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
      limitBytes: this.#limitBytes,
      oldestUse: time(uses[0]),
      newestUse: time(uses.at(-1)),
    };
  }

  /** Removes all entries, and what is being written; says what went. */
  async clear(): Promise<{ readonly entries: number; readonly bytes: number }> {
    await removeTemporaryFiles(this.#folder, 'all');
    const gone = { entries: 0, bytes: 0 };
    for (const { path, bytes } of await listEntries(this.#folder)) {
      if (!(await remove(path))) continue;
      gone.entries++;
      gone.bytes += bytes;
    }
    this.#count = null;
    return gone;
  }

  #path(key: string): string {
    if (!isKey(key)) throw new TypeError(`"${key}" is no key of the store; keyOf() makes them`);
    return entryPath(this.#folder, key);
  }

  /** When the entries do not fit, removes those used longest ago until there is some room again; never the one just written. */
  async #keepLimit(written: string, bytes: number): Promise<void> {
    if (this.#count !== null) {
      this.#count.bytes += bytes;
      if (this.#count.bytes <= this.#limitBytes && Date.now() - this.#count.at < countTrustedMs) return;
    }
    await removeTemporaryFiles(this.#folder, 'abandoned');
    const entries = await listEntries(this.#folder);
    let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    const oldestFirst = entries.filter(({ key }) => key !== written).sort((a, b) => a.usedAt - b.usedAt);
    const target = total > this.#limitBytes ? this.#limitBytes * (1 - shareFreed) : total;
    for (const entry of oldestFirst) {
      if (total <= target) break;
      await remove(entry.path);
      total -= entry.bytes;
    }
    this.#count = { bytes: total, at: Date.now() };
  }
}
