import type { FileHandle } from 'node:fs/promises';

/** Bytes that stay a hole together when all are zero: a multiple of every file system's block. */
const holeBytes = 64 * 1024;
const zeros = Buffer.alloc(holeBytes);

const isHole = (block: Uint8Array): boolean => zeros.compare(block, 0, block.length, 0, block.length) === 0;

/**
 * Writes `bytes` at `position` and leaves out the blocks that are all zero: in a new file they read as zero and cost neither time nor
 * disk. Most of a masked map is such. The caller gives the file its length at the end (`truncate`), for the last block may be a hole.
 */
export async function writeSparsely(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let start = 0;
  for (let at = 0; at < bytes.length; at += holeBytes) {
    const end = Math.min(at + holeBytes, bytes.length);
    if (!isHole(bytes.subarray(at, end))) continue;
    await writeAt(handle, bytes.subarray(start, at), position + start);
    start = end;
  }
  await writeAt(handle, bytes.subarray(start), position + start);
}

/** Writes all of `bytes`, however little the system takes at a time. */
async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
}
