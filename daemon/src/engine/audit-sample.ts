import type { Grid } from '@chimerax-like/rpc';
import { inChunks } from './chunks.js';

/** Voxels looked at in one audit, whatever the size of the mask. */
const mostVoxels = 10_000;
/** Window voxels transformed in one audit: about 1 s on two processors. 1 % of 10⁶ mask voxels stay below it up to windows of 26. */
const mostWindowVoxels = 200_000_000;

/** Most voxels of an audit with this window; large windows get fewer, so that the time does not grow. */
export function auditLimit(windowSize: number): number {
  return Math.max(20, Math.min(mostVoxels, Math.floor(mostWindowVoxels / windowSize ** 3)));
}

/**
 * A share of the mask's voxels (nonzero ones), drawn without replacement: z, y, x of each, in C order. At least one, unless the mask
 * is empty, and `most` at most. The same seed and mask give the same voxels.
 */
export async function auditSample(
  mask: Uint8Array,
  shape: Grid['shape'],
  { share, seed, most }: { readonly share: number; readonly seed: number; readonly most: number },
  signal: AbortSignal,
): Promise<Int32Array> {
  let masked = 0;
  await inChunks(mask.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) if (mask[i] !== 0) masked++;
  });
  const wanted = Math.min(masked, most, Math.max(1, Math.round(share * masked)));
  const ranks = distinctRanks(masked, wanted, seed);
  const voxels = new Int32Array(3 * wanted);
  let rank = 0;
  let found = 0;
  await inChunks(mask.length, signal, 1, (first, end) => {
    for (let i = first; i < end && found < wanted; i++) {
      if (mask[i] === 0 || rank++ !== ranks[found]) continue;
      const row = Math.floor(i / shape[2]);
      const z = Math.floor(row / shape[1]);
      voxels.set([z, row - z * shape[1], i - row * shape[2]], 3 * found++);
    }
  });
  return voxels;
}

/** `count` of the numbers 0 … all - 1, ascending; every set is as likely as any other (Floyd, Comm. ACM 30, 754, 1987). */
function distinctRanks(all: number, count: number, seed: number): Float64Array {
  const chosen = new Set<number>();
  const random = randomFractions(seed);
  for (let last = all - count; last < all; last++) {
    const rank = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(rank) ? last : rank);
  }
  return Float64Array.from(chosen).sort();
}

/** Numbers in [0, 1) with 53 bits: a counter through the mixing function of MurmurHash3 (Appleby). */
function randomFractions(seed: number): () => number {
  let counter = Math.imul(seed, 0x9e3779b1);
  const bits = (): number => {
    counter = (counter + 1) | 0;
    let h = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  return () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
}
