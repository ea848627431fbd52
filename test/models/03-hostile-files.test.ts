import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LocScaleError } from '@chimerax-like/rpc';
import { readModel } from '../../daemon/src/models/index.js';
import { describe, expect, it } from 'vitest';
import { failure } from '../volumes/helpers/errors.js';
import { randomIntegers } from '../volumes/helpers/random.js';
import { putFile, scratchFolder } from '../volumes/helpers/scratch.js';
import { encodeMap } from '../volumes/helpers/encode-map.js';
import { cifRow, cifTags, cifText, pdbText } from './helpers/pdb.js';

const folder = scratchFolder();
const pdb = pdbText(Array.from({ length: 12 }, (_, i) => ({ number: String(i), position: [i, 2, 3] as const })));
const cif = cifText(
  cifTags,
  Array.from({ length: 12 }, (_, i) => cifRow({ id: String(i), Cartn_x: String(i) })),
  "_entry.id x\n_struct.title 'a title'\n",
);

/** Reads bytes; what goes wrong must be one sentence for people, and nothing else. */
async function outcome(bytes: Uint8Array): Promise<'read' | 'refused'> {
  try {
    const { atoms } = await readModel(putFile(folder, 'hostile', bytes));
    expect(atoms.positions.every(Number.isFinite)).toBe(true);
    expect(atoms.residues.every((residue) => residue < atoms.residueNumbers.length)).toBe(true);
    return 'read';
  } catch (error) {
    if (!(error instanceof LocScaleError)) throw error;
    expect(error.kind).toMatch(/^(input|limit)\./u);
    expect(error.message).toMatch(/^[^\n]+[.]$/u);
    return 'refused';
  }
}

describe('files that were cut or damaged', () => {
  it.each([
    ['PDB', pdb],
    ['mmCIF', cif],
  ])(
    '%s: every length is either read or refused',
    async (_, text) => {
      const seen = new Set<string>();
      for (let length = 0; length < text.length; length += 1)
        seen.add(await outcome(Buffer.from(text.slice(0, length))));
      expect([...seen].sort()).toEqual(['read', 'refused']);
    },
    120_000,
  );

  it.each([
    ['PDB', pdb, 11],
    ['mmCIF', cif, 12],
  ])(
    '%s: bytes changed at random are either read or refused',
    async (_, text, seed) => {
      const random = randomIntegers(seed);
      const seen = new Set<string>();
      for (let trial = 0; trial < 800; trial++) {
        const bytes = Buffer.from(text);
        for (let change = 0; change <= random(12); change++) bytes[random(bytes.length)] = random(256);
        seen.add(await outcome(bytes));
      }
      expect([...seen].sort()).toEqual(['read', 'refused']);
    },
    120_000,
  );
});

describe('files that are no files, or too large', () => {
  it('a folder, a FIFO and a path that is not there are named as such', async () => {
    mkdirSync(join(folder, 'directory'));
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect((await failure(readModel(join(folder, 'directory')))).message).toMatch(
      /is a directory, but a model file is expected/,
    );
    expect((await failure(readModel(join(folder, 'fifo')))).message).toMatch(
      /is a FIFO \(named pipe\), but a model file/,
    );
    expect(await failure(readModel(join(folder, 'nowhere')))).toMatchObject({ kind: 'input.missing' });
  });

  it('a map is no model', async () => {
    const error = await failure(readModel(putFile(folder, 'map.mrc', encodeMap())));
    expect(error).toMatchObject({
      kind: 'input.format',
      message: expect.stringMatching(/is a map, but a model/) as string,
    });
  });

  it('a file that ends before its first atom has none', async () => {
    const error = await failure(readModel(putFile(folder, 'ended.pdb', `END\n${pdb}`)));
    expect(error).toMatchObject({
      kind: 'input.model',
      message: expect.stringMatching(/ended\.pdb has 0 atoms before its end/) as string,
    });
  });

  it('a bomb is unpacked no further than the limit', async () => {
    const bomb = putFile(folder, 'bomb.pdb.gz', gzipSync(Buffer.alloc(64 * 2 ** 20, 'REMARK bomb\n')));
    const before = process.memoryUsage().rss;
    const error = await failure(readModel(bomb, { maxBytes: 2 ** 20 }));
    expect(error).toMatchObject({
      kind: 'limit.size',
      message: expect.stringMatching(/more than 1048576 bytes/) as string,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 2 ** 20);
    const plain = putFile(folder, 'plain.pdb', Buffer.alloc(2 ** 20 + 1, ' '));
    expect(await failure(readModel(plain, { maxBytes: 2 ** 20 }))).toMatchObject({ kind: 'limit.size' });
  });

  it('damaged gzip is said to be', async () => {
    const packed = gzipSync(pdb);
    packed.fill(0xff, 20, 30);
    expect((await failure(readModel(putFile(folder, 'damaged.gz', packed)))).message).toMatch(/gzip data are damaged/);
  });

  it('reading stops when asked to', async () => {
    const path = putFile(folder, 'fine.pdb', pdb);
    expect(await failure(readModel(path, { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'job.cancelled' });
  });
});
