import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { decodeHead, headLength, preludeBytes, sumText } from './layout.js';
import { isOwn } from './folder.js';
import { bytesOf, type TypedArray, unfilledArray } from './typed-arrays.js';
import { joinValue } from './value.js';

/** Large enough that the sum of one piece hides behind the reading of the next, small enough to keep the event loop free. */
const pieceBytes = 4 * 1024 * 1024;

export type Reading =
  | { readonly kind: 'whole'; readonly value: unknown }
  /** There is something under this name, but it is no whole entry. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'missing' };

/**
 * Reads an entry and marks it as used now. A link, a device or somebody else's file under the name counts as damaged; a file that
 * another machine removed meanwhile, or that the system does not give, as missing.
 */
export async function readEntry(path: string, key: string, signal: AbortSignal | undefined): Promise<Reading> {
  signal?.throwIfAborted();
  let handle: FileHandle;
  try {
    // O_NONBLOCK: a FIFO put there would hold the opening for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const isLink = error instanceof Error && 'code' in error && error.code === 'ELOOP';
    return { kind: isLink ? 'damaged' : 'missing' };
  }
  try {
    const stats = await handle.stat();
    const value = stats.isFile() && isOwn(stats) ? await readWhole(handle, stats.size, key, signal) : null;
    if (value === null) return { kind: 'damaged' };
    const now = Date.now() / 1000;
    // A use that cannot be noted, on a disk mounted for reading, is a use all the same.
    await handle.utimes(now, now).catch(() => undefined);
    return { kind: 'whole', value: value.value };
  } catch (error) {
    signal?.throwIfAborted();
    const fromSystem = error instanceof Error && 'syscall' in error;
    return { kind: fromSystem ? 'missing' : 'damaged' };
  } finally {
    await handle.close().catch(() => undefined);
  }
}

async function readWhole(
  handle: FileHandle,
  fileBytes: number,
  key: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly value: unknown } | null> {
  const prelude = Buffer.alloc(preludeBytes);
  if ((await fill(handle, prelude, 0, signal)) === null) return null;
  const textBytes = headLength(prelude, fileBytes);
  if (textBytes === null) return null;
  const text = Buffer.alloc(textBytes);
  if ((await fill(handle, text, preludeBytes, signal)) === null) return null;
  const decoded = decodeHead(prelude, text, fileBytes);
  if (decoded?.head.key !== key) return null;

  const arrays: TypedArray[] = [];
  for (const [i, { type, length, sum }] of decoded.head.arrays.entries()) {
    const array = unfilledArray(type, length);
    const found = await fill(handle, bytesOf(array), decoded.layout.offsets[i] ?? 0, signal);
    if (found === null || sumText(found) !== sum) return null;
    arrays.push(array);
  }
  return { value: joinValue({ json: decoded.head.value, arrays }) };
}

/** Fills `target` from `position` on and returns its CRC-32; null when the file ends before. */
async function fill(
  handle: FileHandle,
  target: Uint8Array,
  position: number,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  let sum = 0;
  let summed = 0;
  for (let filled = 0; filled < target.length;) {
    signal?.throwIfAborted();
    const reading = handle.read(target, filled, Math.min(pieceBytes, target.length - filled), position + filled);
    sum = crc32(target.subarray(summed, filled), sum);
    summed = filled;
    const { bytesRead } = await reading;
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return crc32(target.subarray(summed), sum);
}
