import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocScaleError } from '@chimerax-like/rpc';
import type { z } from 'zod';
import { keyOf, Store } from '../store/index.js';
import { temporaryName } from '../volumes/temporary-file.js';
import { hasEnded, identitySchema } from './identity.js';

/** Nobody resumes a parallel run whose folder was left so long ago. */
const abandonedAfterMs = 24 * 60 * 60_000;

/**
 * The folder through which the ranks of one run speak, on a file system that their hosts share. Short messages are files that appear
 * once and are looked for by listing the folder, which network file systems keep fresh, unlike the absence of a single name. Voxels
 * are entries of a store in the same folder: whole or not there, with checksums.
 */
export class RunFolder {
  readonly path: string;
  readonly #parts: Store;

  private constructor(path: string, parts: Store) {
    this.path = path;
    this.#parts = parts;
  }

  /** Opens or makes it; refused where other users could write. */
  static async open(path: string): Promise<RunFolder> {
    return new RunFolder(path, await Store.open(path, { limitBytes: Number.MAX_SAFE_INTEGER }));
  }

  /** The names of what is there. */
  async names(): Promise<ReadonlySet<string>> {
    return new Set(await readdir(this.path));
  }

  /** Writes a file that nobody has written yet; false when somebody has. */
  async create(name: string, content: unknown = null): Promise<boolean> {
    try {
      await writeFile(join(this.path, name), JSON.stringify(content), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw this.#unwritable(error);
    }
  }

  /** Writes a file in place of the one that may be there. */
  async replace(name: string, content: unknown): Promise<void> {
    const temporary = join(this.path, temporaryName());
    try {
      await writeFile(temporary, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
      await rename(temporary, join(this.path, name));
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** What a file says; null when it is not there or not complete yet. */
  async read<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const text = await readFile(join(this.path, name), 'utf8').catch(() => '');
    if (text === '') return null;
    try {
      return schema.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  }

  async put(name: string, value: unknown, signal: AbortSignal): Promise<void> {
    if (await this.#parts.put(keyOf({ part: name }), value, signal)) return;
    throw new LocScaleError(
      'output.disk-full',
      `The ranks exchange their parts in ${this.path}, which has no room left or cannot be written; free some space, or set LOCSCALE_HOME to a larger disk that all hosts share.`,
    );
  }

  async get(name: string, signal: AbortSignal): Promise<unknown> {
    const value = await this.#parts.get(keyOf({ part: name }), signal);
    if (value !== undefined) return value;
    throw new LocScaleError(
      'connection.closed',
      `A part that another rank has written in ${this.path} is missing or damaged; run the command again, and if it stays so give LOCSCALE_HOME a folder on another file system that all hosts share.`,
    );
  }

  /** Frees the room of a part that nobody needs any more. */
  forget(name: string): Promise<void> {
    return this.#parts.delete(keyOf({ part: name }));
  }

  /** Removes it, and the meeting place when no other run is there. At once: in the last moments of a process nothing else works. */
  removeWithMeeting(): void {
    const meeting = dirname(this.path);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    try {
      if (readdirSync(meeting).every((name) => name === 'offer')) rmSync(meeting, { recursive: true, force: true });
    } catch {
      // Gone already, or for the next run to tidy.
    }
  }

  #unwritable(cause: unknown): LocScaleError {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return new LocScaleError(
      'output.unwritable',
      `The ranks cannot exchange messages in ${this.path} (the system says ${reason}); set LOCSCALE_HOME to a folder that all hosts share and you can write to.`,
      {},
      { cause },
    );
  }
}

/** A name for a new run. */
export const newToken = (): string => randomBytes(8).toString('hex');

/**
 * Removes what killed runs have left below `ranks`. Never fails: tidying is no reason to. A meeting place itself stays for a day,
 * because its ranks may be about to meet there.
 */
export async function removeAbandonedRuns(ranks: string): Promise<void> {
  const isOld = async (...paths: readonly string[]): Promise<boolean> => {
    for (const path of paths) {
      const stats = await stat(path).catch(() => null);
      if (stats !== null) return Date.now() - stats.mtimeMs > abandonedAfterMs;
    }
    return false;
  };
  const removeAll = (path: string): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => undefined);
  for (const name of await readdir(ranks).catch(() => [])) {
    const meeting = join(ranks, name);
    for (const token of await readdir(meeting).catch(() => [])) {
      if (token === 'offer') continue;
      const folder = join(meeting, token);
      const first = await readFile(join(folder, 'join-0'), 'utf8').catch(() => '');
      if ((await isOld(join(folder, 'beat-0'), folder)) || (await isOfDeadProcess(first))) await removeAll(folder);
    }
    if ((await readdir(meeting).catch(() => [])).every((left) => left === 'offer') && (await isOld(meeting)))
      await removeAll(meeting);
  }
}

async function isOfDeadProcess(text: string): Promise<boolean> {
  try {
    const known = identitySchema.safeParse((JSON.parse(text) as { readonly identity?: unknown }).identity);
    return known.success && (await hasEnded(known.data));
  } catch {
    return false;
  }
}
