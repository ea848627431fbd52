import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import { bytesPerVoxel, lookUpMode, type VoxelType } from './modes.js';
import type { Compression, Triple } from './types.js';
import { headerBytes, type HeaderWords } from './words.js';

/** What is known of the file before anything is believed that its header says. */
export interface FileFacts {
  readonly path: string;
  /** Name for messages. */
  readonly name: string;
  readonly compression: Compression;
  /** Length on disk. */
  readonly storedBytes: number;
  /** True when reading has shown that the announced extended header is not there. */
  readonly extendedMissing?: boolean;
}

export interface Layout {
  readonly mode: number;
  readonly type: VoxelType;
  readonly dimensions: Triple;
  readonly voxelCount: number;
  readonly extendedBytes: number;
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly warnings: readonly Warning[];
}

/**
 * Longest extended header that is believed. The largest in use are per-section records of 888 bytes (FEI2), so this is room
 * for 75,000 sections.
 */
const maxExtendedBytes = 64 * 1024 * 1024;

/**
 * Most that the compressors can shrink: deflate codes 258 bytes in 2 bits; bzip2 codes a block of 46 MB of one value in about
 * 40 bytes. A file that would have to grow more is damaged or hostile, and is refused before any memory is taken.
 */
const maxGrowth: Readonly<Record<Compression, number>> = { none: 1, gzip: 1032, bzip2: 1_200_000 };

/** IMOD's mark (word 39) and flags (word 40): https://bio3d.colorado.edu/imod/doc/mrc_format.txt */
const imodStamp = 1_146_047_817;
const imodSignedBytes = 1;
const imodFourBit = 16;

const readVoxelType = (words: HeaderWords, name: string, warnings: Warning[]): VoxelType => {
  const mode = words.int(4);
  const found = lookUpMode(mode);
  const readable = 'modes 0, 1, 2, 6 and 12 are read here';
  if (found.kind === 'unknown')
    throw new LocScaleError(
      'input.format',
      `${name}: the mode is ${mode}, which no map format defines; ${readable}, so the file is damaged or not an MRC map.`,
      { seen: mode },
    );
  if (found.kind === 'refused')
    throw new LocScaleError(
      'input.format',
      `${name}: the file holds ${found.what}, mode ${mode}, but ${readable}; convert it to mode 2 first.`,
      { seen: mode },
    );
  if (mode !== 0) return found.type;
  const flags = words.int(39) === imodStamp ? words.int(40) : null;
  if (flags !== null && (flags & imodFourBit) !== 0)
    throw new LocScaleError(
      'input.format',
      `${name}: the file holds 4-bit integers packed two in a byte (IMOD flag 16), but ${readable}; convert it to mode 2 first.`,
      { seen: flags },
    );
  if (flags !== null) return (flags & imodSignedBytes) === 0 ? 'uint8' : 'int8';
  // Before 2014 mode 0 was unsigned for many programs; a stored range of 0 … 255 cannot come from signed bytes.
  if (words.float(20) >= 0 && words.float(21) > 127 && words.float(21) <= 255) {
    const message = `The voxels are bytes with a stored maximum of ${words.float(21)}, so they are read as unsigned.`;
    warnings.push({ kind: 'header.unsigned-bytes', message });
    return 'uint8';
  }
  return 'int8';
};

const readDimensions = (words: HeaderWords, name: string): { dimensions: Triple; voxelCount: number } => {
  const dimensions = words.ints(1);
  const [nx, ny, nz] = dimensions;
  const voxelCount = nx * ny * nz;
  const shown = dimensions.join(' × ');
  if (!dimensions.every((n) => n > 0))
    throw new LocScaleError(
      'input.header',
      `${name}: the header gives ${shown} voxels, but each dimension must be at least 1; the header is damaged, take the file from its source again.`,
      { seen: dimensions },
    );
  if (voxelCount > Number.MAX_SAFE_INTEGER / 4)
    throw new LocScaleError(
      'input.header',
      `${name}: the header claims ${shown} voxels, more than 2^53 bytes, which no file holds; the header is damaged, take the file from its source again.`,
      { seen: dimensions },
    );
  return { dimensions, voxelCount };
};

const readExtendedBytes = (words: HeaderWords, name: string): number => {
  const extended = words.int(24);
  if (extended >= 0 && extended <= maxExtendedBytes) return extended;
  throw new LocScaleError(
    'input.header',
    `${name}: the extended header is ${extended} bytes long (NSYMBT), but 0 to ${maxExtendedBytes} are expected; the header is damaged, take the file from its source again.`,
    { seen: extended },
  );
};

/** The one sentence for a map that ends early. */
export const truncated = (name: string, seen: number, expected: number, cause?: unknown): LocScaleError =>
  new LocScaleError(
    'input.header',
    `${name}: the file holds ${seen} bytes, but its header needs ${expected}; it is truncated or its header damaged, copy it again.`,
    { seen, expected },
    cause === undefined ? {} : { cause },
  );

/** Some programs copy the length of the extended header but not the header itself. */
const extendedMissing = (announced: number): Warning => ({
  kind: 'header.extended-missing',
  message: `The header announces an extended header of ${announced} bytes that is not in the file; the voxels are read right after the header.`,
});

/** Works out where the voxels lie in the file, and checks it against the file’s length before anything is allocated. */
export const readLayout = (words: HeaderWords, file: FileFacts): Layout => {
  const warnings: Warning[] = [];
  const type = readVoxelType(words, file.name, warnings);
  const { dimensions, voxelCount } = readDimensions(words, file.name);
  const announced = readExtendedBytes(words, file.name);
  const dataBytes = voxelCount * bytesPerVoxel[type];
  const isPlain = file.compression === 'none';
  const missing =
    file.extendedMissing === true || (isPlain && announced > 0 && file.storedBytes === headerBytes + dataBytes);
  if (missing) warnings.push(extendedMissing(announced));
  const extendedBytes = missing ? 0 : announced;
  const expected = headerBytes + extendedBytes + dataBytes;
  if (isPlain) {
    if (file.storedBytes < expected) throw truncated(file.name, file.storedBytes, expected);
    if (file.storedBytes > expected) warnings.push(trailingBytes(file.storedBytes - expected));
  } else if (expected > headerBytes + file.storedBytes * maxGrowth[file.compression])
    throw new LocScaleError(
      'input.header',
      `${file.name}: the header needs ${expected} bytes, but ${file.storedBytes} bytes of ${file.compression} cannot hold more than ${file.storedBytes * maxGrowth[file.compression]}; the file is truncated or damaged, copy it again.`,
      { seen: file.storedBytes, expected },
    );
  const dataOffset = headerBytes + extendedBytes;
  return { mode: words.int(4), type, dimensions, voxelCount, extendedBytes, dataOffset, dataBytes, warnings };
};

/** Warning for a file that goes on after its last voxel; `count` is null where counting would mean unpacking on. */
export const trailingBytes = (count: number | null): Warning => ({
  kind: 'file.trailing-bytes',
  message: `The file goes on ${count === null ? '' : `for ${count} bytes `}after the last voxel; they are ignored.`,
});
