import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readHeader, readVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap, setWord } from './helpers/encode-map.js';
import { failure } from './helpers/errors.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const plain = async (map: Buffer): Promise<Float32Array> =>
  (await readVolume(putFile(scratch, 'plain.mrc', map))).voxels;

/** Time and memory that a piece of work takes. */
const cost = async (work: () => Promise<unknown>): Promise<{ milliseconds: number; bytes: number }> => {
  const before = process.memoryUsage().rss;
  const start = performance.now();
  await work();
  return { milliseconds: performance.now() - start, bytes: process.memoryUsage().rss - before };
};

describe('bzip2 (fixtures made with bzip2 1.0.8)', () => {
  it('reads several blocks', async () => {
    const { voxels, header } = await readVolume(fixture('blocks.mrc.bz2'));
    const value = (c: number, r: number, s: number): number => ((c * c + r * s + s) % 17) / 4;
    expect(header.compression).toBe('bzip2');
    expect(voxels).toEqual(await plain(encodeMap({ dimensions: [40, 50, 41], value })));
  });

  it('reads several streams, as parallel packers write them, cut in the middle of a voxel', async () => {
    expect((await readVolume(fixture('streams.mrc.bz2'))).voxels).toEqual(await plain(encodeMap({})));
  });

  it('says how much is there of a file cut short', async () => {
    const cut = readFileSync(fixture('blocks.mrc.bz2')).subarray(0, 2500);
    const error = await failure(readVolume(putFile(scratch, 'cut.bz2', cut)));
    expect([error.kind, error.message]).toEqual(['input.header', expect.stringMatching(/holds \d+ bytes.*329024/u)]);
  });

  it('finds a wrong byte by its check sum', async () => {
    const bytes = readFileSync(fixture('blocks.mrc.bz2'));
    bytes[1200] = (bytes[1200] ?? 0) ^ 4;
    const error = await failure(readVolume(putFile(scratch, 'flipped.bz2', bytes)));
    expect([error.kind, error.message]).toEqual(['input.format', expect.stringContaining('bzip2 data are damaged')]);
  });
});

describe('decompression bombs', () => {
  // Unpacked to their ends these take minutes, so a few seconds tell the difference on any machine.
  const seconds = 5;

  it('of gzip (16 GiB in 16 MB) stop one byte past the last voxel', async () => {
    const zeros = gzipSync(Buffer.alloc(2 ** 26));
    const path = putFile(
      scratch,
      'bomb.gz',
      Buffer.concat([gzipSync(encodeMap({})), ...Array<Buffer>(256).fill(zeros)]),
    );
    const spent = await cost(async () => {
      expect((await readVolume(path)).warnings.map(({ kind }) => kind)).toEqual(['file.trailing-bytes']);
    });
    expect(spent.bytes).toBeLessThan(64 * 2 ** 20);
    expect(spent.milliseconds).toBeLessThan(seconds * 1000);
  });

  it('of bzip2 (100 GB in 240 KB) stop one byte past the last voxel', async () => {
    const bomb = readFileSync(fixture('bomb.mrc.bz2'));
    const path = putFile(scratch, 'bomb.bz2', Buffer.concat(Array<Buffer>(500).fill(bomb)));
    const spent = await cost(async () => {
      expect((await readVolume(path)).warnings.map(({ kind }) => kind)).toEqual(['file.trailing-bytes']);
    });
    expect(spent.bytes).toBeLessThan(64 * 2 ** 20);
    expect(spent.milliseconds).toBeLessThan(seconds * 1000);
  });

  it('whose header asks for more than the packing can hold are refused before any memory is taken', async () => {
    const huge = [1, 2, 3].reduce((map, word) => setWord(map, word, 1500), encodeMap({}));
    const path = putFile(scratch, 'claims.gz', gzipSync(huge));
    const spent = await cost(async () => {
      const error = await failure(readHeader(path));
      expect([error.kind, error.message]).toEqual(['input.header', expect.stringContaining('cannot hold')]);
    });
    expect(spent.bytes).toBeLessThan(32 * 2 ** 20);
  });
});
