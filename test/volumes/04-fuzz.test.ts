import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { LocScaleError } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { encodeMap } from './helpers/encode-map.js';
import { randomIntegers } from './helpers/random.js';
import { putFile, scratchFolder } from './helpers/scratch.js';

const scratch = scratchFolder();
/** Each run ends after this time or number of cases, whichever comes first. */
const milliseconds = 4000;
const cases = 4000;
/** Far above what the map needs (2 KB), far below what a believed wrong header would take. */
const mostMemory = 96 * 1024 * 1024;

/** Reads damaged copies of `intact`; every one must be read or end in a typed error, without taking memory. */
const fuzz = async (intact: Uint8Array, firstBytes: number, seed: number): Promise<Map<string, number>> => {
  const random = randomIntegers(seed);
  const outcomes = new Map<string, number>();
  const before = process.memoryUsage().arrayBuffers;
  const end = performance.now() + milliseconds;
  for (let i = 0; i < cases && performance.now() < end; i++) {
    const bytes = Uint8Array.from(intact);
    const changes: string[] = [];
    for (let flips = 1 + random(4); flips > 0; flips--) {
      const at = random(firstBytes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      changes.push(`byte ${at} = ${bytes[at]}`);
    }
    const outcome = await readVolume(putFile(scratch, 'fuzz.mrc', bytes)).then(
      () => 'read',
      (error: unknown) => (error instanceof LocScaleError ? error.kind : `${changes.join(', ')}: ${String(error)}`),
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const taken = process.memoryUsage().arrayBuffers - before;
    if (taken > mostMemory) throw new Error(`${changes.join(', ')}: ${taken} bytes of memory`);
  }
  return outcomes;
};

const expected = ['read', 'input.format', 'input.header', 'input.voxels'];

describe('flipped bits never crash, hang or take memory', () => {
  it('in the first 1024 bytes of a plain map', async () => {
    const outcomes = await fuzz(encodeMap({ extended: Buffer.alloc(80), labels: ['label'] }), 1024, 20_251);
    expect([...outcomes.keys()].filter((outcome) => !expected.includes(outcome))).toEqual([]);
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['read', 'input.format', 'input.header']));
  });

  it('anywhere in a gzip file', async () => {
    const packed = gzipSync(encodeMap({}));
    const outcomes = await fuzz(packed, packed.length, 20_252);
    expect([...outcomes.keys()].filter((outcome) => !expected.includes(outcome))).toEqual([]);
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['input.format']));
  });

  it('anywhere in a bzip2 file', async () => {
    const packed = readFileSync(fileURLToPath(new URL('./fixtures/streams.mrc.bz2', import.meta.url)));
    const outcomes = await fuzz(packed, packed.length, 20_253);
    expect([...outcomes.keys()].filter((outcome) => !expected.includes(outcome))).toEqual([]);
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['input.format']));
  });
});
