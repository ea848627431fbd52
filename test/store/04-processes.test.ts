import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Store } from '../../daemon/src/store/index.js';
import { keyNumber, scratchFolder, telling } from './helpers.js';

const writer = fileURLToPath(new URL('./writer.mjs', import.meta.url));
const kinds = 20;
const entryBytes = 61_000;

/** Starts a process that puts and reads 20 entries in turn; `rounds` of them, or until it is killed. */
function startWriter(folder: string, limitBytes: number, seed: number, ...rounds: readonly number[]) {
  const args = [writer, folder, limitBytes, seed, ...rounds].map(String);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, ready: once(child.stdout, 'data'), ended };
}

/** Every entry that is there must be whole; says how many there are. */
async function readAll(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.entry'));
  const store = await Store.open(folder, { limitBytes: 2 ** 30 });
  for (let n = 0; n < kinds; n++) {
    const value = await store.get(keyNumber(n));
    // Without the entry there is nothing to compare; that it was not removed as damaged is seen below.
    if (value !== undefined) expect(isDeepStrictEqual(value, telling(n)), `entry ${n}`).toBe(true);
  }
  expect((await readdir(folder)).filter((name) => name.endsWith('.entry')).sort()).toEqual(names.sort());
  return names.length;
}

describe('a process that is killed while it writes', () => {
  it('leaves only whole entries, whenever it is', async () => {
    const folder = join(await scratchFolder(), 'store');
    let unfinished = 0;
    let entries = 0;
    for (let kill = 0; kill < 16; kill++) {
      const { child, ready, ended } = startWriter(folder, 10.5 * entryBytes, kill + 1);
      await ready;
      await sleep(1 + ((kill * 7) % 40) + kill / 16);
      child.kill('SIGKILL');
      await ended;
      entries = await readAll(folder);
      unfinished = (await readdir(folder)).filter((name) => name.endsWith('.tmp')).length;
    }
    expect(entries).toBeGreaterThan(5);
    expect(entries).toBeLessThanOrEqual(11);
    // If no kill had hit a writer in the middle, this would be a test of nothing.
    expect(unfinished).toBeGreaterThan(0);
  });

  it('leaves unfinished files that go when they are old, wherever their writer ran', async () => {
    const folder = join(await scratchFolder(), 'store');
    await mkdir(folder, { mode: 0o700 });
    const host = hostname().replace(/[^A-Za-z0-9.]/gu, '_').slice(0, 64); // prettier-ignore
    const gone = spawn('true');
    await once(gone, 'exit');
    const name = (from: string, n: number): string =>
      `.locscale-${from}-${gone.pid ?? 0}-${`${n}`.padStart(16, '0')}.tmp`;
    const ages = { [name(host, 1)]: 11, [name(host, 2)]: 1, [name('elsewhere', 3)]: 61, [name('elsewhere', 4)]: 11 };
    for (const [file, minutes] of Object.entries(ages)) {
      await writeFile(join(folder, file), 'unfinished');
      const at = Date.now() / 1000 - minutes * 60;
      await utimes(join(folder, file), at, at);
    }
    const store = await Store.open(folder, { limitBytes: 1e6 });
    expect((await readdir(folder)).sort()).toEqual([name('elsewhere', 4), name(host, 2)].sort());
    await store.clear();
    expect(await readdir(folder)).toEqual([]);
  });
});

it('several processes put, read and remove at once; entries stay whole and the limit holds', async () => {
  const folder = join(await scratchFolder(), 'store');
  const limitBytes = 6.5 * entryBytes;
  const writers = [1, 2, 3].map((seed) => startWriter(folder, limitBytes, seed, 60));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  expect(await readAll(folder)).toBeGreaterThan(0);
  const store = await Store.open(folder, { limitBytes });
  await store.put(keyNumber(1), telling(1));
  const { bytes, entries } = await store.status();
  expect(bytes).toBeLessThanOrEqual(limitBytes);
  expect(entries).toBeGreaterThan(3);
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('clearing under a process that writes harms neither', async () => {
  const folder = join(await scratchFolder(), 'store');
  const { ended, ready } = startWriter(folder, 2 ** 24, 5, 60);
  await ready;
  const store = await Store.open(folder, { limitBytes: 2 ** 24 });
  let removed = 0;
  for (let i = 0; i < 20; i++) removed += (await store.clear()).entries;
  expect(removed).toBeGreaterThan(0);
  expect(await ended).toBe(0);
  await readAll(folder);
});

it('a full disk keeps what is there and fails nobody', async ({ skip }) => {
  const disk = await scratchFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return skip('mounting a file system is not allowed here');
  }
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  const folder = join(disk, 'store');
  const store = await Store.open(folder, { limitBytes: 2 ** 24 });
  const kept = [];
  for (let n = 0; n < 8; n++) if (await store.put(keyNumber(n), telling(n))) kept.push(n);
  expect(kept).toEqual([0, 1, 2, 3]);
  for (const n of kept) expect(await store.get(keyNumber(n))).toStrictEqual(telling(n));
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await store.delete(keyNumber(0));
  expect(await store.put(keyNumber(7), telling(7))).toBe(true);
  expect((await stat(folder)).isDirectory()).toBe(true);
});
