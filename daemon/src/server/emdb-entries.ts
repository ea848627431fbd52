import { join } from 'node:path';
import { LocScaleError, type NotificationParams, type Params, type Result } from '@chimerax-like/rpc';
import { type Archive, type EntryNumber, fetchEntry, nameOf, readEntry } from '../emdb/index.js';
import type { VolumeRegistry } from '../jobs/index.js';

export type EmdbProgress = NotificationParams<'emdb.progress'>;

export interface EmdbParts {
  readonly archive: Archive;
  /** Every entry has a folder of its own in it. */
  readonly folder: string;
  readonly registry: VolumeRegistry;
  /** Most bytes of a file. */
  readonly mostBytes: number;
  readonly publish: (progress: EmdbProgress) => void;
}

/** Entries that are fetched at a time; they share one line to the archive. */
const mostAtATime = 4;
/** At most four messages a second for each entry. */
const intervalMs = 250;

interface Fetching {
  readonly halfMaps: boolean;
  readonly stopper: AbortController;
  readonly done: Promise<Result<'emdb.fetch'>>;
}

/** Fetches entries of EMDB for clients, each entry once however many ask for it. */
export class EmdbEntries {
  readonly #parts: EmdbParts;
  readonly #fetching = new Map<EntryNumber, Fetching>();

  constructor(parts: EmdbParts) {
    this.#parts = parts;
  }

  /** Resolves with the opened files; who asks for what is being fetched already gets the same. */
  async fetch({ entry: text, halfMaps }: Params<'emdb.fetch'>): Promise<Result<'emdb.fetch'>> {
    const entry = readEntry(text);
    for (let running = this.#fetching.get(entry); running !== undefined; running = this.#fetching.get(entry)) {
      if (running.halfMaps === halfMaps) return running.done;
      // Two that write the same files would spoil them.
      await running.done.catch(() => undefined);
    }
    if (this.#fetching.size >= mostAtATime)
      throw new LocScaleError(
        'limit.busy',
        `${mostAtATime} entries are being fetched, the most at a time; wait for one of them or stop it.`,
      );
    const stopper = new AbortController();
    const done = this.#fetch(entry, halfMaps, stopper.signal).finally(() => this.#fetching.delete(entry));
    this.#fetching.set(entry, { halfMaps, stopper, done });
    return done;
  }

  stop({ entry: text }: Params<'emdb.stop'>): Result<'emdb.stop'> {
    const entry = readEntry(text);
    const running = this.#fetching.get(entry);
    running?.stopper.abort(
      new LocScaleError(
        'job.cancelled',
        `The fetching of ${nameOf(entry)} was stopped; what has come is kept, fetch it again to go on.`,
      ),
    );
    return { stopped: running !== undefined };
  }

  /** Ends all that is being fetched. */
  stopAll(): void {
    for (const { stopper } of this.#fetching.values())
      stopper.abort(new LocScaleError('daemon.stopping', 'The daemon is shutting down; what has come is kept.'));
  }

  async #fetch(entry: EntryNumber, halfMaps: boolean, signal: AbortSignal): Promise<Result<'emdb.fetch'>> {
    const { archive, folder, mostBytes, registry } = this.#parts;
    const fetched = await fetchEntry(archive, entry, join(folder, nameOf(entry)), {
      ...{ halfMaps, mostBytes, signal },
      onProgress: this.#reporter(nameOf(entry)),
    });
    // A file that is open already is opened under the same id.
    const open = async (path: string) => registry.list().find((volume) => volume.path === path) ?? registry.open(path);
    const [one, two] = fetched.halfMaps ?? [];
    return {
      entry: nameOf(entry),
      map: fetched.map === null ? null : await open(fetched.map),
      halfMaps: halfMaps && one !== undefined && two !== undefined ? [await open(one), await open(two)] : null,
      contourLevel: fetched.contourLevel,
      warnings: [...fetched.warnings],
    };
  }

  #reporter(entry: string): (file: string, received: number, total: number) => void {
    let last = -Infinity;
    return (file, receivedBytes, totalBytes) => {
      if (performance.now() - last < intervalMs && receivedBytes < totalBytes) return;
      last = performance.now();
      this.#parts.publish({ entry, file, receivedBytes, totalBytes });
    };
  }
}
