import { Bzip2Damage, type BitReader } from './bit-reader.js';

export const maxCodeLength = 20;

/** A canonical prefix code, as bzip2 stores one: by the code length of every symbol. */
export interface PrefixCode {
  readonly shortest: number;
  /** By length: first 20-bit word (code on the left) that is too large for a code of this length. */
  readonly limit: Int32Array;
  /** By length: what to subtract from the code to get an index into `symbols`. */
  readonly base: Int32Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array;
}

/** Builds the decoding table; fails when the lengths ask for more codes than there are. */
export const prefixCode = (lengths: Uint8Array): PrefixCode => {
  const counts = new Int32Array(maxCodeLength + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  const limit = new Int32Array(maxCodeLength + 1);
  const base = new Int32Array(maxCodeLength + 1);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let index = 0;
  let shortest = 0;
  for (let length = 1; length <= maxCodeLength; length++) {
    const count = counts[length] as number;
    if (count > 0 && shortest === 0) shortest = length;
    base[length] = code - index;
    lengths.forEach((l, symbol) => {
      if (l === length) symbols[index++] = symbol;
    });
    code += count;
    if (code > 1 << length) throw new Bzip2Damage('a code table has too many codes');
    limit[length] = code << (maxCodeLength - length);
    code <<= 1;
  }
  return { shortest, limit, base, symbols };
};

/** Decodes one symbol. */
export const readSymbol = (bits: BitReader, table: PrefixCode): number => {
  const word = bits.peek20();
  let length = table.shortest;
  while (word >= (table.limit[length] as number)) {
    if (++length > maxCodeLength) throw new Bzip2Damage('a code stands for no symbol');
  }
  bits.skip(length);
  return table.symbols[(word >>> (maxCodeLength - length)) - (table.base[length] as number)] as number;
};
