import { randomBytes } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Nobody writes for so long without touching the file, whatever process table this machine sees. */
const abandonedAfterMs = 10 * 60_000;

/** Folders are shared by machines, process numbers are not: the name says whose it is. */
const host = hostname()
  .replace(/[^A-Za-z0-9.]/gu, '_')
  .slice(0, 64);
const pattern = /^\.locscale-(?<host>[A-Za-z0-9._]+)-(?<pid>\d+)-[0-9a-f]{16}\.tmp$/u;

/** A hidden name that no other writer uses. */
export const temporaryName = (): string => `.locscale-${host}-${process.pid}-${randomBytes(8).toString('hex')}.tmp`;

/** Whether a name is that of a temporary file which process `pid` of this machine made. */
export const isTemporaryOf = (name: string, pid: number): boolean => {
  const owner = pattern.exec(name)?.groups;
  return owner?.['host'] === host && Number(owner['pid']) === pid;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};

/** Removes what writers of this machine that were killed have left in a folder. Never fails: tidying is no reason to. */
export const removeAbandoned = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = pattern.exec(name)?.groups;
    if (owner?.['host'] !== host || isAlive(Number(owner['pid']))) continue;
    const path = join(folder, name);
    const stats = await stat(path).catch(() => null);
    if (stats !== null && Date.now() - stats.mtimeMs > abandonedAfterMs) await unlink(path).catch(() => undefined);
  }
};
