import { LocScaleError } from '@chimerax-like/rpc';
import type { Compression } from './types.js';

/** Packings and formats that people hand over by mistake, by their first bytes. */
const refusedMagic: readonly (readonly [hex: string, what: string])[] = [
  ['fd377a585a00', 'packed with xz'],
  ['28b52ffd', 'packed with zstd'],
  ['504b0304', 'a zip archive'],
  ['1f9d', 'packed with compress (.Z)'],
  ['894844460d0a1a0a', 'an HDF5 file'],
  ['49492a00', 'a TIFF image'],
  ['4d4d002a', 'a TIFF image'],
  ['89504e47', 'a PNG image'],
  ['25504446', 'a PDF document'],
];

/** `BZh1` … `BZh9`, then the mark of a first block or of an empty stream. */
const bzip2Magic = /^425a683[1-9](314159265359|177245385090)/u;

export const detectCompression = (head: Uint8Array, name: string, expected: string): Compression => {
  const hex = Buffer.from(head).toString('hex');
  if (hex.startsWith('1f8b')) return 'gzip';
  if (bzip2Magic.test(hex)) return 'bzip2';
  const refused = refusedMagic.find(([magic]) => hex.startsWith(magic));
  if (refused !== undefined)
    throw new LocScaleError(
      'input.format',
      `${name} is ${refused[1]}, but ${expected} is expected, plain or packed with gzip or bzip2; unpack or convert it first.`,
    );
  return 'none';
};

/** Text formats that are given in place of a map by mistake, by how they begin; blanks before that do not count. */
const textFormats: readonly (readonly [start: RegExp, what: string])[] = [
  [/^(HEADER|REMARK|CRYST1|MODEL|ATOM  |HETATM)/u, 'a PDB model'],
  [/^(data_|loop_)/u, 'an mmCIF file'],
  [/^<(!doctype html|html)/iu, 'an HTML page, often left by a download that failed'],
  [/^<\?xml/u, 'an XML file'],
  [/^version https:\/\/git-lfs/u, 'a Git LFS pointer, whose map was not fetched'],
];

/**
 * Names what a text file is when the bytes are text all through (letters, digits, blanks and line ends); null when they are not.
 * Says nothing of what an unknown text contains: a path may point at a secret, and messages go into logs and to other programs.
 */
export const nameOfText = (bytes: Uint8Array): string | null => {
  const isText = bytes.length > 0 && bytes.every((byte) => (byte >= 32 && byte !== 127) || (byte >= 9 && byte <= 13));
  if (!isText) return null;
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1').trimStart();
  return textFormats.find(([pattern]) => pattern.test(start))?.[1] ?? 'a text file';
};
