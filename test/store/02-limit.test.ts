import { chmod, mkdir, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Store } from '../../daemon/src/store/index.js';
import { storeLimit } from '../../daemon/src/store/limit.js';
import { failure } from '../volumes/helpers/errors.js';
import { keyNumber, scratchFolder } from './helpers.js';

/** An entry of 1000 voxels and a little head: 4256 bytes. */
const small = (n: number) => ({ voxels: new Float32Array(1_000).fill(n) });
const entryBytes = 4_256;

/** Marks entries as used so many minutes ago. */
async function usedAgo(folder: string, minutes: Readonly<Record<number, number>>): Promise<void> {
  for (const [n, ago] of Object.entries(minutes)) {
    const at = Date.now() / 1000 - ago * 60;
    await utimes(join(folder, `${keyNumber(Number(n))}.entry`), at, at);
  }
}

async function present(store: Store, ...numbers: readonly number[]): Promise<readonly number[]> {
  const found = await Promise.all(numbers.map((n) => store.has(keyNumber(n))));
  return numbers.filter((_, i) => found[i]);
}

describe('the limit', () => {
  it('is kept by removing what was used longest ago; reading is a use', async () => {
    const folder = join(await scratchFolder(), 'store');
    const store = await Store.open(folder, { limitBytes: 3.5 * entryBytes });
    for (const n of [1, 2, 3]) expect(await store.put(keyNumber(n), small(n))).toBe(true);
    await usedAgo(folder, { 1: 30, 2: 20, 3: 10 });
    expect(await store.get(keyNumber(1))).toStrictEqual(small(1));
    await store.put(keyNumber(4), small(4));
    expect(await present(store, 1, 2, 3, 4)).toEqual([1, 3, 4]);
    await store.put(keyNumber(5), small(5));
    expect(await present(store, 1, 2, 3, 4, 5)).toEqual([1, 4, 5]);
    const { bytes, entries, limitBytes } = await store.status();
    expect(entries).toBe(3);
    expect(bytes).toBeLessThanOrEqual(limitBytes);
  });

  it('leaves some room once it was passed, so that not every entry has to look through all others', async () => {
    const store = await Store.open(join(await scratchFolder(), 'store'), { limitBytes: 32 * entryBytes });
    for (let n = 0; n < 32; n++) await store.put(keyNumber(n), small(n));
    expect((await store.status()).entries).toBe(32);
    await store.put(keyNumber(32), small(32));
    expect((await store.status()).entries).toBe(30);
  });

  it('spares the entry just written, even when the clock says that it is the oldest', async () => {
    const folder = join(await scratchFolder(), 'store');
    const store = await Store.open(folder, { limitBytes: 1.5 * entryBytes });
    await store.put(keyNumber(1), small(1));
    // Another machine whose clock is ahead has used it.
    await usedAgo(folder, { 1: -60 });
    await store.put(keyNumber(2), small(2));
    expect(await present(store, 1, 2)).toEqual([2]);
  });

  it('makes one large entry push out many small ones, and keeps out one that is larger than itself', async () => {
    const store = await Store.open(join(await scratchFolder(), 'store'), { limitBytes: 10 * entryBytes });
    for (const n of [1, 2, 3, 4, 5]) await store.put(keyNumber(n), small(n));
    expect(await store.put(keyNumber(6), new Uint8Array(11 * entryBytes))).toBe(false);
    expect(await present(store, 1, 2, 3, 4, 5, 6)).toEqual([1, 2, 3, 4, 5]);
    expect(await store.put(keyNumber(7), new Uint8Array(Math.floor(9.5 * entryBytes)))).toBe(true);
    expect(await present(store, 1, 2, 3, 4, 5, 7)).toEqual([7]);
  });

  it('of 0 keeps nothing and finds nothing, but shows and clears what is there', async () => {
    const folder = join(await scratchFolder(), 'store');
    await (await Store.open(folder, { limitBytes: 1e6 })).put(keyNumber(1), small(1));
    const off = await Store.open(folder, { limitBytes: 0 });
    expect(await off.put(keyNumber(2), small(2))).toBe(false);
    expect(await off.put(keyNumber(2), 1)).toBe(false);
    expect(await off.get(keyNumber(1))).toBeUndefined();
    expect(await off.has(keyNumber(1))).toBe(false);
    expect(await off.status()).toMatchObject({ entries: 1, limitBytes: 0 });
    expect(await off.clear()).toMatchObject({ entries: 1 });
    expect(await readdir(folder)).toEqual([]);
  });

  it('comes from LOCSCALE_STORE_LIMIT in GiB, else from the size of the disk', async () => {
    const folder = await scratchFolder();
    expect(await storeLimit(folder, { LOCSCALE_STORE_LIMIT: '1.5' })).toBe(1.5 * 2 ** 30);
    expect(await storeLimit(folder, { LOCSCALE_STORE_LIMIT: '0' })).toBe(0);
    const fromDisk = await storeLimit(folder, { LOCSCALE_STORE_LIMIT: '' });
    expect(fromDisk).toBeGreaterThan(0);
    expect(fromDisk).toBeLessThanOrEqual(20 * 2 ** 30);
    vi.stubEnv('LOCSCALE_STORE_LIMIT', '0.25');
    expect(await (await Store.open(join(folder, 'store'))).status()).toMatchObject({ limitBytes: 2 ** 28 });
    vi.unstubAllEnvs();
  });

  it.each(['-1', '1e3', 'ten', '5 GB', 'NaN', '1048577', '0x10', '.'])('is not "%s"', async (text) => {
    const error = await failure(storeLimit('/', { LOCSCALE_STORE_LIMIT: text }));
    expect(error.kind).toBe('input.parameter');
    expect(error.message).toContain(JSON.stringify(text));
  });
});

it('tells how full it is and when it was used', async () => {
  const folder = join(await scratchFolder(), 'store');
  const store = await Store.open(folder, { limitBytes: 1e6 });
  expect(await store.status()).toEqual({
    folder,
    entries: 0,
    bytes: 0,
    limitBytes: 1e6,
    oldestUse: null,
    newestUse: null,
  });
  for (const n of [1, 2]) await store.put(keyNumber(n), small(n));
  await usedAgo(folder, { 1: 60 });
  const { entries, bytes, oldestUse, newestUse } = await store.status();
  expect({ entries, bytes }).toEqual({ entries: 2, bytes: 2 * entryBytes });
  expect((Date.parse(newestUse ?? '') - Date.parse(oldestUse ?? '')) / 60_000).toBeCloseTo(60, 0);
  await store.delete(keyNumber(1));
  await store.delete(keyNumber(1));
  expect(await store.clear()).toEqual({ entries: 1, bytes: entryBytes });
});

describe('the folder', () => {
  it('that others can write into is refused', async () => {
    const folder = join(await scratchFolder(), 'store');
    await mkdir(folder);
    await chmod(folder, 0o777);
    const error = await failure(Store.open(folder));
    expect(error).toMatchObject({ kind: 'access.denied' });
    expect(error.message).toContain('chmod 700');
  });
});
