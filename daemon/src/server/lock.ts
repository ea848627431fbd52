import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocScaleError } from '@chimerax-like/rpc';
import { isSameProcess, processStartTime } from '../jobs/process-identity.js';

/** The one-instance lock, held by a living process named by pid and start time. */
export interface Lock {
  readonly release: () => Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly startTime: string;
}

/** A guard folder older than this was left by a process that died between two system calls. */
const guardLifetimeMs = 5000;

/**
 * Takes the lock or throws `limit.busy` naming the process that has it. The file appears with its content in one step
 * (link of a finished file), and only the owner of a guard folder may remove a stale one, so of any number of starts
 * at once exactly one wins, also over the lock of a daemon that was killed.
 */
export async function takeLock(path: string): Promise<Lock> {
  const startTime = await processStartTime(process.pid);
  if (startTime === null) throw new LocScaleError('rpc.internal', 'The start time of this process cannot be read.');
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, JSON.stringify({ pid: process.pid, startTime } satisfies Holder), { mode: 0o600, flag: 'wx' });
  try {
    while (!(await tryLink(own, path))) {
      const holder = await liveHolder(path);
      if (holder !== null)
        throw new LocScaleError(
          'limit.busy',
          `A daemon runs here already (pid ${holder.pid}); use it, or end it with: locscale daemon stop`,
          { pid: holder.pid },
        );
      await removeStale(path);
    }
  } finally {
    await unlink(own);
  }
  return { release: () => release(path) };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function liveHolder(path: string): Promise<Holder | null> {
  const holder = await readHolder(path);
  return holder !== null && (await isSameProcess(holder.pid, holder.startTime)) ? holder : null;
}

async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) return null;
    const { pid, startTime } = value;
    return typeof pid === 'number' && typeof startTime === 'string' ? { pid, startTime } : null;
  } catch {
    return null;
  }
}

async function removeStale(path: string): Promise<void> {
  const guard = `${path}.guard`;
  try {
    await mkdir(guard);
  } catch {
    const made = await stat(guard).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > guardLifetimeMs) await rmdir(guard).catch(() => undefined);
    await sleep(20);
    return;
  }
  try {
    // Looked at again under the guard: another start may have replaced the stale file meanwhile.
    if ((await liveHolder(path)) === null) await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function release(path: string): Promise<void> {
  if ((await readHolder(path))?.pid === process.pid) await rm(path, { force: true });
}
