import { Bzip2Damage } from './bit-reader.js';
import type { Block } from './block.js';

/** CRC-32 with the polynomial of Ethernet, most significant bit first, as bzip2 uses it. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) !== 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** Equal bytes after which one byte says how many more follow. */
const runThreshold = 4;

/**
 * Gives out the final bytes of a block: follows the chain and undoes the first run-length coding. Output is made only as far
 * as asked, since a block of 900 kB can stand for 46 MB.
 */
export class Expander {
  readonly #block: Block;
  #at: number;
  #left: number;
  #last = -1;
  #equal = 0;
  /** Copies of `#last` still owed from a run. */
  #copies = 0;
  #crc = 0xffffffff;

  constructor(block: Block) {
    this.#block = block;
    this.#at = block.start;
    this.#left = block.length;
  }

  /** Fills `target` as far as the block goes and returns the number of bytes; checks the sum at the block's end. */
  expand(target: Uint8Array): number {
    const { next } = this.#block;
    let filled = 0;
    let crc = this.#crc;
    while (filled < target.length) {
      if (this.#copies > 0) this.#copies--;
      else {
        if (this.#left === 0) break;
        const entry = next[this.#at] as number;
        this.#at = entry >>> 8;
        this.#left--;
        const byte = entry & 0xff;
        if (this.#equal === runThreshold) {
          this.#copies = byte;
          this.#equal = 0;
          continue;
        }
        this.#equal = byte === this.#last ? this.#equal + 1 : 1;
        this.#last = byte;
      }
      target[filled++] = this.#last;
      crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ this.#last) & 0xff] as number);
    }
    this.#crc = crc;
    if (this.done && ~crc >>> 0 !== this.#block.crc) throw new Bzip2Damage('a check sum is wrong');
    return filled;
  }

  get done(): boolean {
    return this.#left === 0 && this.#copies === 0;
  }
}
