import type { BigIntStats } from 'node:fs';

/** Younger changes are not trusted: file systems stamp times as coarsely as 2 s, so another change could bear the same time. */
const settledMs = 2500;

/** Files remembered at a time; a few hundred bytes each. */
const mostFiles = 1000;

/**
 * Hashes of files that this process has read whole, so that a map is hashed once however often it is sharpened. A file is the
 * same as long as its number, length, and both times are; the time of its last change (ctime) no program can set back.
 */
export class KnownHashes {
  readonly #hashes = new Map<string, string>();

  find(file: BigIntStats): string | undefined {
    return this.#hashes.get(identityOf(file));
  }

  /** How long a file must stay as it is before its hash is remembered. */
  msUntilSettled({ ctimeMs, mtimeMs }: BigIntStats, now: number = Date.now()): number {
    const changed = Math.max(Number(ctimeMs), Number(mtimeMs));
    return changed > now ? settledMs : Math.max(0, changed + settledMs - now);
  }

  /** `file`: as it was before it was read; `now`: in ms. */
  remember(file: BigIntStats, sha256: string, now: number = Date.now()): void {
    if (this.msUntilSettled(file, now) > 0) return;
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size >= mostFiles && oldest !== undefined) this.#hashes.delete(oldest);
    this.#hashes.set(identityOf(file), sha256);
  }
}

const identityOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');
