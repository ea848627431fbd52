import { rename, rm } from 'node:fs/promises';

/** So many are kept: a slider that leaves one result behind every time needs no more. */
const mostSpares = 2;
/** Given back to the disk this long after the last one was put by, ms. */
const keptMs = 30_000;

/**
 * Files of volumes that are gone, for new volumes of the same size: their pages are in memory already, so writing over them costs half of what
 * a new file does.
 */
export class SpareFiles {
  readonly #files: { readonly path: string; readonly bytes: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Gives a spare file of this size, if there is one, the name `path`. */
  async take(bytes: number, path: string): Promise<void> {
    const at = this.#files.findIndex((file) => file.bytes === bytes);
    const [file] = at < 0 ? [] : this.#files.splice(at, 1);
    // Without it the result comes into a new file.
    if (file !== undefined) await rename(file.path, path).catch(() => undefined);
  }

  async put(path: string, bytes: number): Promise<void> {
    this.#files.push({ path, bytes });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(0), keptMs).unref();
    await this.#keep(mostSpares);
  }

  /** Those that are left at the end have no record, so the next start removes them. */
  async #keep(most: number): Promise<void> {
    const left = this.#files.splice(0, Math.max(0, this.#files.length - most));
    for (const { path } of left) await rm(path, { force: true });
  }
}
