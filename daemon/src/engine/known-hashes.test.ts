import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownHashes } from './known-hashes.js';

describe('hashes of files that were read', () => {
  let folder: string;
  let path: string;
  const look = () => stat(path, { bigint: true });
  const later = Date.now() + 60_000;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'locscale-hashes-'));
    path = join(folder, 'map.mrc');
    await writeFile(path, 'one');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are found again while the file is as it was', async () => {
    const known = new KnownHashes();
    known.remember(await look(), 'abc', later);
    expect(known.find(await look())).toBe('abc');
  });

  it('are not found after a change that keeps length and time of modification', async () => {
    const known = new KnownHashes();
    const before = await look();
    known.remember(before, 'abc', later);
    // Longer than the coarsest clock of a file system that the tests run on.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await writeFile(path, 'two');
    await utimes(path, Number(before.atimeMs) / 1000, Number(before.mtimeMs) / 1000);
    expect((await look()).size).toBe(before.size);
    expect(known.find(await look())).toBeUndefined();
  });

  it('are not kept of a file that changed a moment before: the next change might bear the same time', async () => {
    const known = new KnownHashes();
    known.remember(await look(), 'abc');
    expect(known.find(await look())).toBeUndefined();
  });

  it('are kept of a limited number of files', async () => {
    const known = new KnownHashes();
    const file = await look();
    for (let i = 0; i <= 1000; i++)
      known.remember(Object.assign(Object.create(file) as typeof file, { ino: BigInt(i) }), `${i}`, later);
    expect(known.find(Object.assign(Object.create(file) as typeof file, { ino: 0n }))).toBeUndefined();
    expect(known.find(Object.assign(Object.create(file) as typeof file, { ino: 1000n }))).toBe('1000');
  });
});
