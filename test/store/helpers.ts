import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { keyOf } from '../../daemon/src/store/index.js';

/** A folder that goes when the test is over; the store itself is made inside. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The key of the n-th entry of a test. */
export const keyNumber = (n: number): string => keyOf({ step: 'test', n });

/** Two arrays and a word that belong together: any mixture of two such values, and any damage, shows. */
export const telling = (seed: number, length = 5_000): unknown => ({
  seed,
  wide: Float64Array.from({ length }, (_, i) => seed * 1e6 + i),
  narrow: { inside: [Float32Array.from({ length }, (_, i) => seed + i)] },
});
