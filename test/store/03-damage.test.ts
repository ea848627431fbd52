import { execFileSync } from 'node:child_process';
import { chmod, chown, link, lstat, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../daemon/src/store/index.js';
import { assertNotOwn, statePaths } from '../../daemon/src/state.js';
import { failure } from '../volumes/helpers/errors.js';
import { keyNumber, scratchFolder, telling } from './helpers.js';

const isRoot = process.getuid?.() === 0;
const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

let folder: string;
let store: Store;
let path: string;
let whole: Buffer;

beforeEach(async () => {
  folder = join(await scratchFolder(), 'store');
  store = await Store.open(folder, { limitBytes: 2 ** 24 });
  await store.put(keyNumber(1), telling(1, 40));
  path = join(folder, `${keyNumber(1)}.entry`);
  whole = await readFile(path);
});

/** An entry that is damaged is not found, and is gone; another one can take its place. */
async function expectRefused(): Promise<void> {
  expect(await store.get(keyNumber(1))).toBeUndefined();
  expect(await exists(path)).toBe(false);
}

/** A file with a prelude whose own sum is right, so that only what it claims can be wrong. */
function claiming(headBytes: number, fileBytes: bigint, rest: Buffer): Buffer {
  const file = Buffer.concat([whole.subarray(0, 32), rest]);
  file.writeUInt32LE(headBytes, 12);
  file.writeBigUInt64LE(fileBytes, 16);
  file.writeUInt32LE(crc32(rest.subarray(0, headBytes)), 24);
  file.writeUInt32LE(crc32(file.subarray(0, 28)), 28);
  return file;
}

/** A whole file, as far as sums and lengths go, around a head that says this. */
const withHead = (head: unknown): Buffer => {
  const text = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  return claiming(text.length, BigInt(32 + text.length), text);
};

describe('a damaged entry counts as missing', () => {
  it('wherever a bit is flipped, unless in the padding that nothing reads', async () => {
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8((flipped[at] ?? 0) ^ (1 << (at % 8)), at);
      await writeFile(path, flipped);
      const found = await store.get(keyNumber(1));
      if (found === undefined) refused++;
      else expect(found, `byte ${at}`).toStrictEqual(telling(1, 40));
    }
    const padding = whole.length - 32 - whole.readUInt32LE(12) - 40 * (8 + 4);
    expect(whole.length - refused).toBe(padding);
    expect(padding).toBeLessThan(128);
  });

  it('wherever it is cut off, and when it is longer than it says', async () => {
    for (let bytes = 0; bytes < whole.length; bytes += 7) {
      await writeFile(path, whole.subarray(0, bytes));
      await expectRefused();
    }
    await writeFile(path, Buffer.concat([whole, Buffer.alloc(1)]));
    await expectRefused();
    // Cut and stretched again, as after a loss of power: the length is right, the end is zeros.
    await writeFile(path, whole);
    await truncate(path, whole.length - 100);
    await truncate(path, whole.length);
    await expectRefused();
  });

  it('when it is something else', async () => {
    for (const garbage of [Buffer.alloc(5_000, 0xff), Buffer.alloc(0), Buffer.from('{"value": 1}')]) {
      await writeFile(path, garbage);
      await expectRefused();
    }
  });

  it.each([
    ['a head of 4 GiB', () => claiming(0xffff_ffff, BigInt(whole.length), whole.subarray(32))],
    ['a file of 2^63 bytes', () => claiming(100, 2n ** 63n, whole.subarray(32))],
    ['an array of 2^50 numbers', () => withHead({ key: keyNumber(1), value: { $array: 0 }, arrays: [{ type: 'Float64Array', length: 2 ** 50, sum: '00000000' }] })],
    ['an array of −1 numbers', () => withHead({ key: keyNumber(1), value: 1, arrays: [{ type: 'Uint8Array', length: -1, sum: '00000000' }] })],
    ['an array of an unknown type', () => withHead({ key: keyNumber(1), value: 1, arrays: [{ type: 'constructor', length: 0, sum: '00000000' }] })],
    ['an array that it does not hold', () => withHead({ key: keyNumber(1), value: { $array: 7 }, arrays: [] })],
    ['another key', () => withHead({ key: keyNumber(2), value: 1, arrays: [] })],
    ['no JSON', () => withHead('{"key":')],
    ['JSON of another kind', () => withHead([1, 2])],
  ])('when it claims %s', async (_, file) => {
    await writeFile(path, file());
    await expectRefused();
  }); // prettier-ignore

  it('but not when its head is one that we could have written', async () => {
    await writeFile(path, withHead({ key: keyNumber(1), value: { a: [1] }, arrays: [] }));
    expect(await store.get(keyNumber(1))).toStrictEqual({ a: [1] });
  });

  it('and is replaced by the next one that is put', async () => {
    await writeFile(path, 'garbage');
    expect(await store.put(keyNumber(1), telling(1))).toBe(true);
    expect(await store.get(keyNumber(1))).toStrictEqual(telling(1));
  });
});

describe('what somebody has put into the folder', () => {
  it('a link under the name of an entry is not followed, and its target is left alone', async () => {
    const elsewhere = join(await scratchFolder(), 'elsewhere');
    await writeFile(elsewhere, whole);
    for (const reach of [() => store.get(keyNumber(1)), () => store.put(keyNumber(1), 'new')]) {
      await store.delete(keyNumber(1));
      await symlink(elsewhere, path);
      expect(await store.has(keyNumber(1))).toBe(false);
      await reach();
      expect(await exists(path).then((there) => there && lstat(path).then((s) => s.isSymbolicLink()))).toBe(false);
      expect((await readFile(elsewhere)).equals(whole)).toBe(true);
    }
  });

  it('a FIFO, a folder or a hard link does not stop a job', async () => {
    await store.delete(keyNumber(1));
    execFileSync('mkfifo', [path]);
    await expectRefused();
    await mkdir(path);
    expect(await store.get(keyNumber(1))).toBeUndefined();
    expect(await store.put(keyNumber(1), 1)).toBe(false);
    expect((await store.status()).entries).toBe(0);
    await store.put(keyNumber(2), telling(2));
    await link(join(folder, `${keyNumber(2)}.entry`), join(folder, `${keyNumber(3)}.entry`));
    expect(await store.get(keyNumber(3))).toBeUndefined();
    expect(await store.get(keyNumber(2))).toStrictEqual(telling(2));
  });

  it('an entry of another user is not believed', async ({ skip }) => {
    if (!isRoot) return skip('only root can give a file away');
    await chown(path, 12_345, 12_345);
    await expectRefused();
  });

  it('files of other names are neither counted nor removed', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect((await store.status()).entries).toBe(1);
    await store.clear();
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });
});

it('an entry cannot be named by a client as a map to read or to write', async () => {
  const home = await scratchFolder();
  const paths = statePaths({ LOCSCALE_HOME: home });
  await Store.open(paths.store);
  const error = await failure(assertNotOwn(join(paths.store, `${keyNumber(1)}.entry`), paths));
  expect(error.kind).toBe('access.path');
  await expect(assertNotOwn(join(home, 'store.mrc'), paths)).resolves.toBeUndefined();
});

describe('the folder', () => {
  it('into which others can write is refused', async () => {
    await chmod(folder, 0o777);
    const error = await failure(Store.open(folder));
    expect(error.kind).toBe('access.denied');
    expect(error.message).toContain(`chmod 700 ${folder}`);
  });

  it('of another user is refused, and so is a link of another user', async ({ skip }) => {
    if (!isRoot) return skip('only root can give a folder away');
    const base = await scratchFolder();
    const theirs = join(base, 'theirs');
    await mkdir(theirs, { mode: 0o700 });
    await chown(theirs, 12_345, 12_345);
    expect(await failure(Store.open(theirs))).toMatchObject({ kind: 'access.denied' });
    execFileSync('ln', ['-s', folder, join(base, 'link')]);
    execFileSync('chown', ['-h', '12345', join(base, 'link')]);
    expect((await failure(Store.open(join(base, 'link')))).message).toContain('belongs to user 12345');
  });

  it('may be a link of the user to a larger disk', async () => {
    const base = await scratchFolder();
    await symlink(folder, join(base, 'link'));
    const linked = await Store.open(join(base, 'link'), { limitBytes: 2 ** 20 });
    expect(await linked.get(keyNumber(1))).toStrictEqual(telling(1, 40));
    expect((await linked.status()).folder).toBe(folder);
  });

  it('that cannot be made is told in one sentence', async () => {
    expect(await failure(Store.open('/dev/null/store'))).toMatchObject({ kind: 'output.unwritable' });
  });

  it('is made again when somebody deletes it under an open store', async () => {
    execFileSync('rm', ['-rf', folder]);
    expect(await store.get(keyNumber(1))).toBeUndefined();
    expect(await store.status()).toMatchObject({ entries: 0, bytes: 0 });
    expect(await store.put(keyNumber(2), telling(2))).toBe(true);
    expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  });
});
