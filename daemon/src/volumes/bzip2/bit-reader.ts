/** Something in the bzip2 data that no compressor writes; the caller adds the file's name. */
export class Bzip2Damage extends Error {}

/** The file ends before its data do: it was cut short. */
export class Bzip2End extends Bzip2Damage {
  constructor() {
    super('the data end in the middle of a block');
  }
}

/** Reads bits, most significant first, from a window of the file that the owner refills between blocks. */
export class BitReader {
  readonly #window: Uint8Array;
  /** First byte of the window that is not in `#bits` yet, and one past the last byte. */
  #position = 0;
  #end = 0;
  /** The last `#count` bits taken from the window and not yet used are the low bits of `#bits`. */
  #bits = 0;
  #count = 0;

  constructor(windowBytes: number) {
    this.#window = new Uint8Array(windowBytes);
  }

  /** Moves the unread bytes to the front and returns the free rest of the window, to be filled from the file. */
  makeRoom(): Uint8Array {
    this.#window.copyWithin(0, this.#position, this.#end);
    this.#end -= this.#position;
    this.#position = 0;
    return this.#window.subarray(this.#end);
  }

  /** Says how many bytes of the room were filled. */
  filled(bytes: number): void {
    this.#end += bytes;
  }

  get unreadBytes(): number {
    return Math.max(0, this.#end - this.#position);
  }

  /** Next `n` bits, at most 24. */
  read(n: number): number {
    while (this.#count < n) {
      if (this.#position >= this.#end) throw new Bzip2End();
      this.#bits = (this.#bits << 8) | (this.#window[this.#position++] as number);
      this.#count += 8;
    }
    this.#count -= n;
    return (this.#bits >>> this.#count) & ((1 << n) - 1);
  }

  read32(): number {
    return ((this.read(16) << 16) | this.read(16)) >>> 0;
  }

  /** Next 20 bits without using them up; zeros stand in past the end, which `checkOverrun` finds. */
  peek20(): number {
    while (this.#count < 20) {
      const byte = this.#position < this.#end ? (this.#window[this.#position] as number) : 0;
      this.#position++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
    return (this.#bits >>> (this.#count - 20)) & 0xfffff;
  }

  skip(n: number): void {
    this.#count -= n;
  }

  /** True when bits past the end were used. */
  get overrun(): boolean {
    return this.#position * 8 - this.#count > this.#end * 8;
  }

  /** Fails when bits past the end were used. */
  checkOverrun(): void {
    if (this.overrun) throw new Bzip2End();
  }

  /** Goes to the next byte boundary, where a stream ends; whole bytes taken ahead are handed back. */
  alignToByte(): void {
    this.#position -= this.#count >> 3;
    this.#count = 0;
  }
}
