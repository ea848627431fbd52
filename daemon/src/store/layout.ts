import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { storeFormat } from './key.js';
import { arrayTypes, type ArrayType, bytesPerElement } from './typed-arrays.js';

/**
 * One file per entry, all numbers little-endian:
 *
 *     0  8 bytes  "LOCSTORE"
 *     8  uint32   storeFormat
 *    12  uint32   bytes of the head
 *    16  uint64   bytes of the file
 *    24  uint32   CRC-32 of the head
 *    28  uint32   CRC-32 of bytes 0 to 27
 *    32  the head: JSON, UTF-8
 *        the arrays in order, each at the next multiple of 64 bytes
 *
 * Every byte but the padding is under a checksum, and every length is held against the length of the file before memory is taken.
 */
export const preludeBytes = 32;
const magic = 'LOCSTORE';
const alignment = 64;

const headSchema = z.strictObject({
  /** The key, so that an entry under a wrong name is not taken for another one. */
  key: z.string(),
  value: z.unknown(),
  arrays: z.array(
    z.strictObject({
      type: z.enum(Object.keys(arrayTypes) as [ArrayType, ...ArrayType[]]),
      /** Elements. */
      length: z.int().nonnegative(),
      /** CRC-32 of the bytes, eight hex digits: the head has the same length before and after the sums are known. */
      sum: z.string(),
    }),
  ),
});
export type EntryHead = z.infer<typeof headSchema>;
export type ArrayHead = EntryHead['arrays'][number];

/** Where the arrays of an entry begin, and where the file ends. */
export interface Layout {
  readonly offsets: readonly number[];
  readonly fileBytes: number;
}

export function layOut(headBytes: number, arrays: readonly Omit<ArrayHead, 'sum'>[]): Layout {
  let end = preludeBytes + headBytes;
  const offsets = arrays.map(({ type, length }) => {
    // An empty array takes no padding either: a file ends with the last byte that is written.
    if (length === 0) return end;
    const offset = Math.ceil(end / alignment) * alignment;
    end = offset + length * bytesPerElement(type);
    return offset;
  });
  return { offsets, fileBytes: end };
}

export const sumText = (sum: number): string => sum.toString(16).padStart(8, '0');

/** Prelude and head as they stand at the beginning of the file. */
export function encodeHead(head: EntryHead): { readonly bytes: Buffer; readonly layout: Layout } {
  const text = Buffer.from(JSON.stringify(head));
  const layout = layOut(text.length, head.arrays);
  const prelude = Buffer.alloc(preludeBytes);
  prelude.write(magic, 0, 'latin1');
  prelude.writeUInt32LE(storeFormat, 8);
  prelude.writeUInt32LE(text.length, 12);
  prelude.writeBigUInt64LE(BigInt(layout.fileBytes), 16);
  prelude.writeUInt32LE(crc32(text), 24);
  prelude.writeUInt32LE(crc32(prelude.subarray(0, 28)), 28);
  return { bytes: Buffer.concat([prelude, text]), layout };
}

/** Bytes of the head, or null when the prelude is not that of a whole entry in a file of this length. */
export function headLength(prelude: Buffer, fileBytes: number): number | null {
  if (prelude.length < preludeBytes || prelude.toString('latin1', 0, magic.length) !== magic) return null;
  if (prelude.readUInt32LE(28) !== crc32(prelude.subarray(0, 28))) return null;
  const length = prelude.readUInt32LE(12);
  const fits = prelude.readBigUInt64LE(16) === BigInt(fileBytes) && preludeBytes + length <= fileBytes;
  return fits && prelude.readUInt32LE(8) === storeFormat ? length : null;
}

/** The head of an entry and where its arrays lie, or null when it is damaged or does not account for the whole file. */
export function decodeHead(
  prelude: Buffer,
  text: Buffer,
  fileBytes: number,
): { readonly head: EntryHead; readonly layout: Layout } | null {
  if (crc32(text) !== prelude.readUInt32LE(24)) return null;
  const head = headSchema.parse(JSON.parse(text.toString('utf8')));
  const layout = layOut(text.length, head.arrays);
  return layout.fileBytes === fileBytes ? { head, layout } : null;
}
