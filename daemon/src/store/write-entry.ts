import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { temporaryName } from '../volumes/temporary-file.js';
import { encodeHead, type EntryHead, type Layout, sumText } from './layout.js';
import { arrayTypeOf, bytesOf, type TypedArray } from './typed-arrays.js';
import { type SplitValue, splitValue } from './value.js';

const pieceBytes = 4 * 1024 * 1024;

/** An entry in memory, with the length that its file will have. */
export interface EntryToWrite {
  readonly key: string;
  readonly value: SplitValue;
  readonly layout: Layout;
}

export function prepareEntry(key: string, value: unknown): EntryToWrite {
  const split = splitValue(value);
  return { key, value: split, layout: encodeHead(headOf(key, split, [])).layout };
}

/**
 * Writes an entry under a name of its own and renames it, so that a reader finds the whole of it or nothing. It is not synced:
 * that would cost more than the reading saves, and after a loss of power the sums tell what did not reach the disk.
 */
export async function writeEntry(
  folder: string,
  path: string,
  entry: EntryToWrite,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const temporary = join(folder, temporaryName());
  const handle = await open(temporary, 'wx', 0o600);
  try {
    try {
      const sums: number[] = [];
      for (const [i, array] of entry.value.arrays.entries())
        sums.push(await writeSummed(handle, bytesOf(array), entry.layout.offsets[i] ?? 0, signal));
      await writeAll(handle, encodeHead(headOf(entry.key, entry.value, sums)).bytes, 0);
      const now = Date.now() / 1000;
      await handle.utimes(now, now);
    } finally {
      // On network file systems a full disk is told only here.
      await handle.close();
    }
    signal?.throwIfAborted();
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function headOf(key: string, { json, arrays }: SplitValue, sums: readonly number[]): EntryHead {
  const head = (array: TypedArray, i: number): EntryHead['arrays'][number] => {
    const type = arrayTypeOf(array);
    if (type === null) throw new TypeError('only typed arrays have a place in the list of arrays');
    return { type, length: array.length, sum: sumText(sums[i] ?? 0) };
  };
  return { key, value: json, arrays: arrays.map(head) };
}

/** Writes bytes and returns their CRC-32, which is computed while the system writes. */
async function writeSummed(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    signal?.throwIfAborted();
    const piece = bytes.subarray(at, at + pieceBytes);
    const writing = writeAll(handle, piece, position + at);
    sum = crc32(piece, sum);
    await writing;
  }
  return sum;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC', syscall: 'write' });
    written += bytesWritten;
  }
}
