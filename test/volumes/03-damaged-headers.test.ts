import { truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readHeader, readVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap, setFloatWord, setWord } from './helpers/encode-map.js';
import { failure } from './helpers/errors.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
const map = (): Buffer => encodeMap({});
const dimensions = (x: number, y: number, z: number): Buffer => setWord(setWord(setWord(map(), 1, x), 2, y), 3, z);

/** Refused: what is wrong, the file, the kind of error, what the sentence must name. */
const refused: readonly (readonly [string, Buffer, string, RegExp])[] = [
  ['nothing in it', Buffer.alloc(0), 'input.header', /0 bytes.*1024/u],
  ['less than a header', map().subarray(0, 500), 'input.header', /500 bytes.*1024/u],
  ['a PDB model', Buffer.from('HEADER    VIRUS\nATOM   1\n'), 'input.format', /is a PDB model, but/u],
  ['an mmCIF file', Buffer.from('data_1abc\n'.repeat(500)), 'input.format', /is an mmCIF file, but/u],
  [
    'a web page',
    Buffer.from('\n<!DOCTYPE html><html>404</html>\n'),
    'input.format',
    /HTML page.*download that failed/u,
  ],
  ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'input.format', /LFS pointer/u],
  [
    'another text file',
    Buffer.from('0123456789abcdef'.repeat(4)),
    'input.format',
    /^\S+ is a text file, but an MRC or CCP4 map is expected; give the path of a map\.$/u,
  ],
  ['random bytes', Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 197 + 31) % 251)), 'input.format', /mode/u],
  ['a zstd file', Buffer.from('28b52ffd00000000', 'hex'), 'input.format', /zstd/u],
  ['an HDF5 file', Buffer.from('894844460d0a1a0a00', 'hex'), 'input.format', /HDF5/u],
  ['a negative dimension', dimensions(6, -5, 4), 'input.header', /6 × -5 × 4/u],
  ['a dimension of 0', dimensions(0, 5, 4), 'input.header', /0 × 5 × 4/u],
  ['more than 2^53 voxels', dimensions(2 ** 30, 2 ** 30, 2 ** 30), 'input.header', /2\^53/u],
  ['more voxels than the file', dimensions(2000, 2000, 2000), 'input.header', /1504 bytes.*32000001024/u],
  ['a missing last byte', map().subarray(0, -1), 'input.header', /1503 bytes.*1504/u],
  ['an unknown mode', setWord(map(), 4, 77), 'input.format', /mode is 77/u],
  ['16-bit complex voxels', encodeMap({ mode: 3 }), 'input.format', /complex.*mode 3/u],
  ['32-bit complex voxels', encodeMap({ mode: 4 }), 'input.format', /complex.*mode 4/u],
  ['colours', encodeMap({ mode: 16 }), 'input.format', /RGB.*mode 16/u],
  ['4-bit integers', encodeMap({ mode: 101 }), 'input.format', /4-bit.*mode 101/u],
  ['IMOD’s 4-bit integers', setWord(setWord(encodeMap({ mode: 0 }), 39, 1146047817), 40, 17), 'input.format', /4-bit/u],
  ['a negative extended header', setWord(map(), 24, -80), 'input.header', /-80 bytes/u],
  ['an extended header of 2 GB', setWord(map(), 24, 2 ** 31 - 1), 'input.header', /2147483647 bytes/u],
  [
    'an extended header beyond the file',
    setWord(Buffer.concat([map(), map()]), 24, 2000),
    'input.header',
    /3008 bytes.*3504/u,
  ],
  ['an axis twice', setWord(map(), 18, 1), 'input.header', /1, 1, 3/u],
  ['a fourth axis', setWord(map(), 19, 4), 'input.header', /1, 2, 4/u],
  ['a negative sampling', setWord(map(), 8, -6), 'input.header', /-6 × 5 × 4/u],
  ['no cell', encodeMap({ cell: [0, 0, 0] }), 'input.header', /0 × 0 × 0 Å/u],
  ['a negative cell', encodeMap({ cell: [-9, 7.5, 6] }), 'input.header', /-9 × 7.5 × 6 Å/u],
  ['a cell that is no number', setFloatWord(map(), 11, NaN), 'input.header', /NaN/u],
  ['an oblique cell', encodeMap({ angles: [90, 94.3, 90] }), 'input.format', /94\.3.*crystal/u],
  ['angles that are no numbers', setFloatWord(map(), 14, NaN), 'input.format', /NaN/u],
  ['a crystal’s space group', encodeMap({ spaceGroup: 19 }), 'input.format', /space group is 19.*crystal/u],
  ['a stack of volumes', encodeMap({ spaceGroup: 401 }), 'input.format', /401.*stack/u],
  ['voxels 2 % longer along z', encodeMap({ cell: [9, 7.5, 6.12] }), 'input.format', /1\.5 × 1\.5 × 1\.53 Å/u],
  ['a gzip of random bytes', Buffer.from('1f8b0800000000000003ffffffffffff', 'hex'), 'input.format', /gzip.*damaged/u],
  ['a gzip without its end', gzipSync(map()).subarray(0, -30), 'input.header', /needs 1504/u],
];

describe('refused, each by name', () => {
  it.each(refused)('%s', async (_, bytes, kind, says) => {
    const error = await failure(readVolume(putFile(scratch, 'damaged.mrc', bytes)));
    expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(says)]);
    expect(error.message).toContain('damaged.mrc');
  });
});

/** Read all the same: what is odd, the file, the warnings. */
const forgiven: readonly (readonly [string, Buffer, readonly string[]])[] = [
  ['an identifier that ends in NUL', encodeMap({ identifier: 'MAP\0' }), ['header.map-id']],
  ['no identifier', encodeMap({ identifier: '\0\0\0\0' }), ['header.no-map-id']],
  ['no machine stamp', encodeMap({ stamp: '00000000' }), ['header.no-machine-stamp']],
  ['a machine stamp of blanks', encodeMap({ stamp: '44202020' }), ['header.machine-stamp']],
  ['the stamp of some EMDB entries', encodeMap({ stamp: '44442020' }), []],
  ['the stamp of Maestro', encodeMap({ stamp: '4d414520' }), []],
  [
    'a little-endian stamp on a big-endian file',
    encodeMap({ bigEndian: true, stamp: '44440000' }),
    ['header.byte-order'],
  ],
  ['a big-endian file without stamp', encodeMap({ bigEndian: true, stamp: '00000000' }), ['header.no-machine-stamp']],
  ['an axis order of zeros', setWord(setWord(setWord(map(), 17, 0), 18, 0), 19, 0), ['header.axis-order']],
  ['angles of zero', encodeMap({ angles: [0, 0, 0] }), ['header.cell-angles']],
  ['a sampling of zeros', encodeMap({ sampling: [0, 0, 0], cell: [9, 7.5, 6] }), ['header.sampling']],
  ['an origin that is no number', setFloatWord(map(), 50, NaN), ['header.origin']],
  ['a space group that is none', encodeMap({ spaceGroup: 300 }), ['header.space-group']],
  ['99 labels', setWord(map(), 56, 99), ['header.labels']],
  ['space group 0', encodeMap({ spaceGroup: 0 }), []],
  ['bytes after the last voxel', Buffer.concat([map(), Buffer.alloc(7)]), ['file.trailing-bytes']],
  ['bytes after the last voxel, packed', gzipSync(Buffer.concat([map(), Buffer.alloc(7)])), ['file.trailing-bytes']],
  ['an announced extended header that is not there', setWord(map(), 24, 160), ['header.extended-missing']],
  ['the same, packed', gzipSync(setWord(map(), 24, 160)), ['header.extended-missing']],
  ['voxels 0.9 % longer along z', encodeMap({ cell: [9, 7.5, 6.054] }), []],
];

describe('read with a typed warning, or silently when harmless', () => {
  it.each(forgiven)('%s', async (_, bytes, kinds) => {
    const read = await readVolume(putFile(scratch, 'odd.mrc', bytes));
    expect(read.warnings.map(({ kind }) => kind)).toEqual(kinds);
    const plain = await readVolume(putFile(scratch, 'plain.mrc', map()));
    expect(read.voxels).toEqual(plain.voxels);
    expect(read.grid.shape).toEqual(plain.grid.shape);
  });

  it('keeps control characters of labels away from terminals', async () => {
    const path = putFile(scratch, 'label.mrc', encodeMap({ labels: ['\u001b[31mred'] }));
    expect((await readHeader(path)).labels).toEqual(['?[31mred']);
  });
});

describe('voxels', () => {
  it.each([NaN, Infinity, -Infinity])('of %s are refused with their number and the first place', async (bad) => {
    const value = (c: number, r: number, s: number): number => (s >= 2 && c === 3 && r === 1 ? bad : c);
    const error = await failure(readVolume(putFile(scratch, 'nan.mrc', encodeMap({ value }))));
    expect(error.kind).toBe('input.voxels');
    expect(error.message).toMatch(/2 voxels are not finite.*\(2, 1, 3\)/u);
    expect(error.details).toEqual({ count: 2, first: [2, 1, 3] });
  });

  it.each([0, 7.5])('that are all %s are refused for a map and allowed for a mask', async (level) => {
    const path = putFile(scratch, 'flat.mrc', encodeMap({ value: () => level }));
    const error = await failure(readVolume(path));
    expect([error.kind, error.message]).toEqual(['input.voxels', expect.stringContaining(`every voxel is ${level}`)]);
    expect((await readVolume(path, { requireSignal: false })).statistics).toMatchObject({
      min: level,
      max: level,
      sd: 0,
    });
  });

  it('are not given more memory than allowed', async () => {
    const path = putFile(scratch, 'limit.mrc', map());
    expect((await readVolume(path, { maxBytes: 480 })).voxels).toHaveLength(120);
    expect((await failure(readVolume(path, { maxBytes: 479 }))).kind).toBe('limit.memory');
  });

  it('are not read after a cancel', async () => {
    const read = readVolume(putFile(scratch, 'cancel.mrc', map()), { signal: AbortSignal.abort() });
    expect((await failure(read)).kind).toBe('job.cancelled');
  });

  it('are read no further after a cancel in the middle', async () => {
    const shape = [512, 512, 128] as const;
    const header = shape.reduce((bytes, n, i) => setWord(bytes, 1 + i, n), map()).subarray(0, 1024);
    const cubic = [0, 1, 2].reduce((bytes, i) => setWord(bytes, 8 + i, 6), header);
    const path = putFile(
      scratch,
      'long.mrc',
      [0, 1, 2].reduce((bytes, i) => setFloatWord(bytes, 11 + i, 9), cubic),
    );
    truncateSync(path, 1024 + 512 * 512 * 128 * 4);
    const start = performance.now();
    const read = readVolume(path, { signal: AbortSignal.timeout(5) });
    expect((await failure(read)).kind).toBe('job.cancelled');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
