import { open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { Bunzip2Source } from './bzip2/bunzip2-source.js';
import { detectCompression } from './magic.js';
import { GunzipSource } from './gunzip-source.js';
import type { FileFacts } from './layout.js';

/** Bytes of a map after decompression, read once from front to back. */
export interface ByteSource {
  /** Fills `target` and returns how many bytes it got: fewer than asked only at the end. */
  fill(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** What a path is expected to be, for messages: the file, and what it holds. */
export interface Expected {
  readonly file: string;
  readonly content: string;
}

const expectedMap: Expected = { file: 'a map file', content: 'an MRC or CCP4 map' };

export interface OpenedMap {
  readonly file: FileFacts;
  readonly source: ByteSource;
}

const kindOfFile = (stats: Stats): string => {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO (named pipe)';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
};

/** File systems of Linux that show the kernel's state, by their number (statfs(2)): procfs and sysfs. */
const kernelFileSystems: readonly number[] = [0x9fa0, 0x62656572];

const refuseSpecial = (path: string, stats: Stats, expected: Expected): void => {
  if (stats.isFile()) return;
  throw new LocScaleError(
    'input.unreadable',
    `${path} is ${kindOfFile(stats)}, but ${expected.file} is expected; give the path of a file.`,
  );
};

/** Turns what the system says about a path into one sentence. */
const unreadable = (path: string, cause: unknown, expected: Expected): LocScaleError => {
  if (cause instanceof LocScaleError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LocScaleError(
      'input.missing',
      `${path} does not exist, but ${expected.file} is expected there; check the path.`,
      { code },
      { cause },
    );
  const reason =
    code === 'EACCES' || code === 'EPERM' ? 'you have no permission to read it' : `the system says ${code}`;
  return new LocScaleError(
    'input.unreadable',
    `${path} cannot be read: ${reason}; check the path and its permissions.`,
    { code },
    { cause },
  );
};

/**
 * Opens a regular file only. The path is examined before opening, since opening a FIFO or a device can block or act, and the
 * open file again, since the path may have been exchanged in between; O_NONBLOCK keeps even that race from blocking.
 */
const openRegular = async (path: string, expected: Expected): Promise<{ handle: FileHandle; size: number }> => {
  let handle: FileHandle | undefined;
  try {
    refuseSpecial(path, await stat(path), expected);
    if (process.platform === 'linux' && kernelFileSystems.includes((await statfs(path)).type))
      throw new LocScaleError(
        'input.unreadable',
        `${path} is made by the kernel and no file on a disk, but ${expected.file} is expected; give the path of a file.`,
      );
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    refuseSpecial(path, stats, expected);
    return { handle, size: stats.size };
  } catch (cause) {
    await handle?.close();
    throw unreadable(path, cause, expected);
  }
};

/** A plain file; reads go straight into the caller’s memory. */
class PlainSource implements ByteSource {
  readonly #handle: FileHandle;
  #position = 0;

  readonly #path: string;
  readonly #expected: Expected;

  constructor(handle: FileHandle, path: string, expected: Expected) {
    this.#handle = handle;
    this.#path = path;
    this.#expected = expected;
  }

  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await this.#handle
        .read(target, filled, target.length - filled, this.#position)
        .catch((cause: unknown) => Promise.reject(unreadable(this.#path, cause, this.#expected)));
      if (bytesRead === 0) break;
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return filled;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Opens a file for reading; what it is packed with is told from its first bytes, never from its name, which is for messages. */
export const openPacked = async (path: string, name: string, expected: Expected): Promise<OpenedMap> => {
  const { handle, size } = await openRegular(path, expected);
  try {
    const head = new Uint8Array(16);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const compression = detectCompression(head.subarray(0, bytesRead), name, expected.content);
    const file: FileFacts = { path, name, compression, storedBytes: size };
    switch (compression) {
      case 'none':
        return { file, source: new PlainSource(handle, path, expected) };
      case 'gzip':
        return { file, source: new GunzipSource(handle, name) };
      case 'bzip2':
        return { file, source: new Bunzip2Source(handle, name) };
    }
  } catch (cause) {
    await handle.close();
    throw unreadable(path, cause, expected);
  }
};

/** Opens a map for reading. */
export const openMap = (path: string, name = basename(path)): Promise<OpenedMap> => openPacked(path, name, expectedMap);
