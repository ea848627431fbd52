import type { FileHandle } from 'node:fs/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import type { ByteSource } from '../source.js';
import { BitReader, Bzip2Damage, Bzip2End } from './bit-reader.js';
import { readBlock, type Block } from './block.js';
import { Expander } from './expander.js';

/** Half of the 48-bit marks: π for a block, √π for the end of a stream. */
const blockMark = [0x314159, 0x265359] as const;
const endMark = [0x177245, 0x385090] as const;

/**
 * Room for any compressed block: 900,001 symbols of at most 20 bits (2.25 MB), selectors and tables. A block that is longer than
 * this is damaged.
 */
const windowBytes = 4 * 1024 * 1024;
const longestBlock = 2_500_000;

/** Unpacks a block to nowhere; fails when its sum is wrong. */
const checkSum = (block: Block): void => {
  const nowhere = new Uint8Array(1 << 16);
  const expander = new Expander(block);
  while (!expander.done) expander.expand(nowhere);
};

/**
 * A bzip2 file (any number of streams), unpacked block by block and only as far as it is read, with all check sums; why it is
 * our own: docs/decisions/0011-own-bzip2-reader.md.
 */
export class Bunzip2Source implements ByteSource {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #bits = new BitReader(windowBytes);
  #position = 0;
  #space: Uint32Array = new Uint32Array(0);
  #block: Expander | null = null;
  #blocks = 0;
  #streamCrc = 0;
  #state: 'before stream' | 'in stream' | 'ended' = 'before stream';

  constructor(handle: FileHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    try {
      while (filled < target.length) {
        if (this.#block === null && !(await this.#nextBlock())) break;
        filled += this.#block?.expand(target.subarray(filled)) ?? 0;
        if (this.#block?.done === true) this.#block = null;
      }
      return filled;
    } catch (cause) {
      if (!(cause instanceof Bzip2Damage)) throw cause;
      // Like the end of a plain file: the reader counts the bytes and says how many are missing.
      if (cause instanceof Bzip2End || this.#bits.overrun) return filled;
      throw new LocScaleError(
        'input.format',
        `${this.#name}: the bzip2 data are damaged (${cause.message}), but intact ones are expected; copy the file again.`,
        {},
        { cause },
      );
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Tops the window up, so that a whole block lies in it unless the file ends. */
  async #refill(): Promise<void> {
    if (this.#bits.unreadBytes >= longestBlock) return;
    let room = this.#bits.makeRoom();
    while (room.length > 0) {
      const { bytesRead } = await this.#handle.read(room, 0, room.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#bits.filled(bytesRead);
      room = room.subarray(bytesRead);
    }
  }

  /** Decodes the next block; false after the last one of the file. */
  async #nextBlock(): Promise<boolean> {
    for (;;) {
      await this.#refill();
      if (this.#state === 'before stream' && !this.#beginStream()) return false;
      if (this.#state === 'ended') return false;
      const mark = [this.#bits.read(24), this.#bits.read(24)];
      if (mark[0] === blockMark[0] && mark[1] === blockMark[1]) {
        const block = readBlock(this.#bits, this.#space);
        this.#streamCrc = (((this.#streamCrc << 1) | (this.#streamCrc >>> 31)) ^ block.crc) >>> 0;
        // The header is believed before its block has come to its end, where the sum is checked: so check this one first.
        if (this.#blocks++ === 0) checkSum(block);
        this.#block = new Expander(block);
        return true;
      }
      if (mark[0] !== endMark[0] || mark[1] !== endMark[1]) throw new Bzip2Damage('a block has no mark');
      if (this.#bits.read32() !== this.#streamCrc) throw new Bzip2Damage('the check sum of the file is wrong');
      this.#bits.alignToByte();
      this.#state = 'before stream';
    }
  }

  /** Reads `BZh1` … `BZh9`; anything else after a first stream is ignored, as bzip2 itself does. */
  #beginStream(): boolean {
    const isStream = this.#bits.unreadBytes >= 4 && this.#bits.read(24) === 0x425a68;
    const level = isStream ? this.#bits.read(8) - 0x30 : 0;
    if (level < 1 || level > 9) {
      this.#state = 'ended';
      return false;
    }
    if (this.#space.length !== level * 100_000) this.#space = new Uint32Array(level * 100_000);
    this.#streamCrc = 0;
    this.#state = 'in stream';
    return true;
  }
}
