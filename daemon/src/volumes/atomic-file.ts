import { constants } from 'node:fs';
import { access, open, realpath, rename, stat, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { removeAbandoned, temporaryName } from './temporary-file.js';

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

const sayings: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links go in a circle',
};

/** Turns what the system says about an output into one sentence. */
export const outputError = (path: string, cause: unknown): LocScaleError => {
  if (cause instanceof LocScaleError) return cause;
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LocScaleError(
      'output.disk-full',
      `${path} cannot be written: the ${code === 'EDQUOT' ? 'quota is used up' : 'disk is full'}; free some space or choose another folder.`,
      { code },
      { cause },
    );
  return new LocScaleError(
    'output.unwritable',
    `${path} cannot be written: ${sayings[code] ?? `the system says ${code}`}; choose another folder or name.`,
    { code },
    { cause },
  );
};

/** The file that a path stands for: a symbolic link is followed, so that the link survives and its target is replaced. */
const resolveTarget = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    return join(await realpath(dirname(path)), basename(path));
  }
};

/** Permission bits of the file to be replaced, or of a new one; refuses what is no regular file or write-protected. */
const checkTarget = async (path: string, target: string): Promise<number> => {
  const stats = await stat(target).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null;
    throw cause;
  });
  if (stats === null) return 0o666;
  if (!stats.isFile())
    throw new LocScaleError(
      'output.unwritable',
      `${path} is ${stats.isDirectory() ? 'a directory' : 'no regular file'}, but the output must be a file; give the name of a file.`,
    );
  await access(target, constants.W_OK);
  return stats.mode & 0o777;
};

/** Asks the file system first: better no output than one that stops at 99 %. */
export const assertSpace = async (path: string, folder: string, bytes: number): Promise<void> => {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new LocScaleError(
      'output.disk-full',
      `${path} needs ${bytes} bytes, but ${free} are free on its disk; free some space or choose another folder.`,
      { seen: free, expected: bytes },
    );
};

/** Makes the renaming durable. File systems that cannot sync a folder (some network ones) say EINVAL or EPERM: nothing to do. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY).catch(() => null);
  try {
    await handle?.sync();
  } catch (cause) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EBADF'].includes(codeOf(cause))) throw cause;
  } finally {
    await handle?.close();
  }
};

/** Writes all of `bytes`, however little the system takes at a time. */
export const writeFully = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    written += bytesWritten;
  }
};

/**
 * Replaces a file in one step: a hidden temporary file in the same folder, synced, renamed, folder synced. Whatever happens the
 * path holds the old content or the new, never a part; the temporary file goes when anything fails, and one that a killed
 * process left goes at the next write into its folder.
 */
export const writeAtomically = async (
  path: string,
  bytes: number,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> => {
  let temporary: string | null = null;
  try {
    const target = await resolveTarget(path);
    const mode = await checkTarget(path, target);
    const folder = dirname(target);
    await removeAbandoned(folder);
    await assertSpace(path, folder, bytes);
    const candidate = join(folder, temporaryName());
    const handle = await open(candidate, 'wx', mode);
    temporary = candidate;
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(candidate, target);
    temporary = null;
    await syncFolder(folder);
  } catch (cause) {
    if (temporary !== null) await unlink(temporary).catch(() => undefined);
    throw outputError(path, cause);
  }
};
