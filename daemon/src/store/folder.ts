import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import { removeAbandoned } from '../volumes/temporary-file.js';

const suffix = '.entry';
const entryName = /^[0-9a-f]{64}\.entry$/u;
const temporaryFile = /^\.locscale-.+\.tmp$/u;
/** No writer leaves its file untouched for so long, on whatever machine it runs. */
const abandonedAfterMs = 60 * 60_000;
/** Requests in flight while a folder is looked through: on a network file system each one waits for the server. */
const lanes = 16;

export const entryPath = (folder: string, key: string): string => join(folder, key + suffix);

/** Whether a file belongs to the user of this process; always where the system has no users. */
export const isOwn = ({ uid }: Pick<Stats, 'uid'>): boolean => process.getuid === undefined || uid === process.getuid();

/**
 * Makes the folder, readable by its owner alone, and returns its real path. The user may have put a link there that leads to a
 * larger disk; a link or a folder of somebody else, or one into which others can write, is refused: results could be planted.
 */
export async function openFolder(folder: string): Promise<string> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new LocScaleError(
      'output.unwritable',
      `The folder of the store, ${folder}, cannot be made: ${reasonOf(cause)}; set LOCSCALE_HOME to a folder of your own.`,
      {},
      { cause },
    );
  });
  if (made !== undefined) await chmod(folder, 0o700);
  const real = await realpath(folder);
  for (const stats of [await lstat(folder), await lstat(real)])
    if (!isOwn(stats))
      throw new LocScaleError(
        'access.denied',
        `The folder of the store, ${folder}, belongs to user ${stats.uid}, not to you (${process.getuid?.()}); set LOCSCALE_HOME to a folder of your own.`,
      );
  const { mode } = await lstat(real);
  if (process.platform !== 'win32' && (mode & 0o022) !== 0)
    throw new LocScaleError(
      'access.denied',
      `The folder of the store, ${folder}, can be written by other users (mode ${(mode & 0o777).toString(8)}, expected 700); run \`chmod 700 ${folder}\` and try again.`,
    );
  return real;
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

export interface EntryFile {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  /** Last use, ms since 1970. The time of change, which we set, and not that of access, which many file systems do not keep. */
  readonly usedAt: number;
}

/** The entries that are there; ones that vanish while we look are not. Foreign files are never looked at. */
export async function listEntries(folder: string): Promise<readonly EntryFile[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => entryName.test(name));
  const entries: EntryFile[] = [];
  await inLanes(names, async (name) => {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats === null || stats.isDirectory()) return;
    entries.push({ key: name.slice(0, -suffix.length), path, bytes: stats.size, usedAt: stats.mtimeMs });
  });
  return entries;
}

/** Removes a file; false when it was gone already or cannot be removed. */
export const remove = (path: string): Promise<boolean> =>
  unlink(path).then(
    () => true,
    () => false,
  );

/** Removes unfinished files whose writer is gone, or all of them, also those that are being written. */
export async function removeTemporaryFiles(folder: string, which: 'abandoned' | 'all'): Promise<void> {
  if (which === 'abandoned') await removeAbandoned(folder);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!temporaryFile.test(name)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats === null) continue;
    if (which === 'all' || Date.now() - stats.mtimeMs > abandonedAfterMs) await remove(path);
  }
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
