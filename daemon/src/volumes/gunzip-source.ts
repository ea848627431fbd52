import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { LocScaleError } from '@chimerax-like/rpc';
import type { ByteSource } from './source.js';

/** Unpacks in pieces of this size: few crossings to the thread pool, little memory. */
const pieceBytes = 1 << 20;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** A gzip file (any number of members); unpacks only as much as is asked for, so that a bomb stays folded. */
export class GunzipSource implements ByteSource {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #gunzip: Gunzip;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(handle: FileHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
    this.#gunzip = createGunzip({ chunkSize: pieceBytes });
    const file = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: pieceBytes });
    // Errors of either stream reach the reader through the iterator.
    pipeline(file, this.#gunzip, () => undefined);
    this.#pieces = this.#gunzip[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#rest.length === 0 && !(await this.#next())) break;
      const part = this.#rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return filled;
  }

  async close(): Promise<void> {
    this.#gunzip.destroy();
    await this.#handle.close();
  }

  /** Unpacks the next piece; false at the end, which a file cut short has as well (the reader counts the bytes). */
  async #next(): Promise<boolean> {
    try {
      const piece = await this.#pieces.next();
      if (piece.done === true) return false;
      this.#rest = piece.value;
      return true;
    } catch (cause) {
      if (codeOf(cause) === 'Z_BUF_ERROR') return false;
      throw new LocScaleError(
        'input.format',
        `${this.#name}: the gzip data are damaged (${codeOf(cause)}), but intact ones are expected; copy the file again.`,
        {},
        { cause },
      );
    }
  }
}
