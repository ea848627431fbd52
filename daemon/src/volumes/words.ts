import type { ByteOrder } from './types.js';

/** Length of the main header: 256 words of 4 bytes (MRC2014, https://www.ccpem.ac.uk/mrc_format/mrc2014.php). */
export const headerBytes = 1024;

/** Printable ASCII; everything else, control characters of terminals above all, becomes `?`. */
export const printable = (text: string): string => text.replace(/[^\x20-\x7e]/gu, '?');

/**
 * The main header by word number. Words are counted from 1, as in the format's table, so that the code can be read beside it.
 */
export class HeaderWords {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;

  constructor(bytes: Uint8Array, byteOrder: ByteOrder) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
    this.#little = byteOrder === 'little';
  }

  int(word: number): number {
    return this.#view.getInt32((word - 1) * 4, this.#little);
  }

  float(word: number): number {
    return this.#view.getFloat32((word - 1) * 4, this.#little);
  }

  ints(word: number): [number, number, number] {
    return [this.int(word), this.int(word + 1), this.int(word + 2)];
  }

  floats(word: number): [number, number, number] {
    return [this.float(word), this.float(word + 1), this.float(word + 2)];
  }

  /** Latin-1 text from the first byte of `word` on, without NULs and blanks at the end. */
  text(word: number, length: number): string {
    const start = (word - 1) * 4;
    return Buffer.from(this.bytes.subarray(start, start + length))
      .toString('latin1')
      .replace(/[\0 ]+$/u, '');
  }

  raw(word: number, length = 4): Uint8Array {
    const start = (word - 1) * 4;
    return this.bytes.subarray(start, start + length);
  }

  setInt(word: number, value: number): void {
    this.#view.setInt32((word - 1) * 4, value, this.#little);
  }

  setFloat(word: number, value: number): void {
    this.#view.setFloat32((word - 1) * 4, value, this.#little);
  }

  /** Writes ASCII, padded with blanks to `length`; anything else becomes `?`. */
  setText(word: number, length: number, text: string): void {
    const start = (word - 1) * 4;
    this.bytes.set(Buffer.from(printable(text).slice(0, length).padEnd(length, ' '), 'latin1'), start);
  }
}
