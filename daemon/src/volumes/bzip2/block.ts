import { Bzip2Damage, type BitReader } from './bit-reader.js';
import { maxCodeLength, prefixCode, readSymbol, type PrefixCode } from './huffman.js';

/** Symbols that share one code table. */
const groupLength = 50;
/** Symbols 0 and 1 (RUNA, RUNB) write the length of a run in bijective base 2, lowest digit first. */
const lastRunSymbol = 1;
/** A run of this many digits is longer than any block; more would overflow the sum. */
const maxRunDigits = 20;

/** One block after Huffman, move-to-front and Burrows–Wheeler decoding: follow `next` from `start`, `length` times. */
export interface Block {
  /** CRC-32 (bzip2's bit order) of the block's final bytes. */
  readonly crc: number;
  readonly length: number;
  readonly start: number;
  /** Low 8 bits: byte; the rest: index of the next entry. */
  readonly next: Uint32Array;
}

/** The bytes that occur in the block, ascending, from a two-level bitmap. */
const readAlphabet = (bits: BitReader): Uint8Array => {
  const rows = bits.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  if (used.length === 0) throw new Bzip2Damage('a block uses no bytes');
  return Uint8Array.from(used);
};

/** Moves entry `index` to the front and returns it. */
const moveToFront = (list: Uint8Array, index: number): number => {
  const value = list[index] as number;
  list.copyWithin(1, 0, index);
  list[0] = value;
  return value;
};

/** Which table each group of 50 symbols uses. */
const readSelectors = (bits: BitReader, tables: number): Uint8Array => {
  const selectors = new Uint8Array(bits.read(15));
  const recent = Uint8Array.from({ length: tables }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let index = 0;
    while (bits.read(1) === 1) if (++index >= tables) throw new Bzip2Damage('a table selector is out of range');
    selectors[i] = moveToFront(recent, index);
  }
  return selectors;
};

/** Code lengths are stored as steps of one up or down from the one before. */
const readTable = (bits: BitReader, symbols: number): PrefixCode => {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > maxCodeLength) throw new Bzip2Damage('a code length is out of range');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return prefixCode(lengths);
};

/** Decodes the symbols into the low bytes of `next`; returns how many bytes the block has. */
const readBytes = (bits: BitReader, alphabet: Uint8Array, next: Uint32Array): number => {
  const tableCount = bits.read(3);
  if (tableCount < 2 || tableCount > 6) throw new Bzip2Damage('the number of code tables is out of range');
  const selectors = readSelectors(bits, tableCount);
  const endSymbol = alphabet.length + 1;
  const tables = Array.from({ length: tableCount }, () => readTable(bits, endSymbol + 1));
  const recent = alphabet.slice();
  let length = 0;
  let run = 0;
  let runDigits = 0;
  for (const selector of selectors) {
    bits.checkOverrun();
    const table = tables[selector] as PrefixCode;
    for (let i = 0; i < groupLength; i++) {
      const symbol = readSymbol(bits, table);
      if (symbol <= lastRunSymbol) {
        if (runDigits >= maxRunDigits) throw new Bzip2Damage('a run is longer than its block');
        run += (symbol + 1) << runDigits++;
        continue;
      }
      if (length + run + (symbol === endSymbol ? 0 : 1) > next.length)
        throw new Bzip2Damage('a block is longer than the stream allows');
      next.fill(recent[0] as number, length, length + run);
      length += run;
      run = 0;
      runDigits = 0;
      if (symbol === endSymbol) return length;
      next[length++] = moveToFront(recent, symbol - 1);
    }
  }
  throw new Bzip2Damage('a block has no end');
};

/** Turns the last column of the Burrows–Wheeler matrix (low bytes of `next`) into a chain: each entry points to the next. */
const link = (next: Uint32Array, length: number): void => {
  const starts = new Uint32Array(256);
  for (let i = 0; i < length; i++) {
    const byte = (next[i] as number) & 0xff;
    starts[byte] = (starts[byte] as number) + 1;
  }
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte] as number;
    starts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const byte = (next[i] as number) & 0xff;
    const row = starts[byte] as number;
    starts[byte] = row + 1;
    next[row] = ((next[row] as number) & 0xff) | (i << 8);
  }
};

/** Reads one block, whose 48-bit mark has been read; `next` is working space as long as the stream's block size. */
export const readBlock = (bits: BitReader, next: Uint32Array): Block => {
  const crc = bits.read32();
  if (bits.read(1) === 1) throw new Bzip2Damage('the block is randomised, as versions before 1.0 did');
  const origin = bits.read(24);
  const length = readBytes(bits, readAlphabet(bits), next);
  bits.checkOverrun();
  if (origin >= length) throw new Bzip2Damage('a block begins outside itself');
  link(next, length);
  return { crc, length, start: (next[origin] as number) >>> 8, next };
};
