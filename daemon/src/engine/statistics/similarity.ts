import type { Grid } from '@chimerax-like/rpc';
import { fourierShellCorrelation } from '@locscale/native';
import { inChunks } from '../chunks.js';

/** How alike a map and its reference are. */
export interface Similarity {
  /** Pearson correlation over all voxels (RSCC). */
  readonly correlation: number;
  /** The same over the voxels of the mask; null without a mask. */
  readonly correlationInMask: number | null;
  /** Mean of the FSC over all shells; of the maps times the mask where there is one. */
  readonly meanFsc: number;
}

export async function similarity(
  map: Float32Array,
  reference: Float32Array,
  { shape }: Grid,
  mask: Float32Array | undefined,
  signal: AbortSignal,
): Promise<Similarity> {
  const [first, second] =
    mask === undefined ? [map, reference] : [await times(map, mask, signal), await times(reference, mask, signal)];
  const curve = await fourierShellCorrelation(first, second, shape, { signal });
  return {
    correlation: await correlation(map, reference, () => true, signal),
    correlationInMask:
      mask === undefined ? null : await correlation(map, reference, (i) => (mask[i] as number) >= 0.5, signal),
    meanFsc: curve.reduce((sum, value) => sum + value, 0) / curve.length,
  };
}

async function times(map: Float32Array, mask: Float32Array, signal: AbortSignal): Promise<Float32Array> {
  const product = new Float32Array(map.length);
  await inChunks(map.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) product[i] = (map[i] as number) * (mask[i] as number);
  });
  return product;
}

/** Pearson correlation over the chosen voxels, in two passes. */
async function correlation(
  a: Float32Array,
  b: Float32Array,
  chosen: (i: number) => boolean,
  signal: AbortSignal,
): Promise<number> {
  let [count, sumA, sumB] = [0, 0, 0];
  await inChunks(a.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) {
      if (!chosen(i)) continue;
      count++;
      sumA += a[i] as number;
      sumB += b[i] as number;
    }
  });
  const [meanA, meanB] = [sumA / count, sumB / count];
  let [ab, aa, bb] = [0, 0, 0];
  await inChunks(a.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) {
      if (!chosen(i)) continue;
      const [da, db] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
  });
  return ab / Math.sqrt(aa * bb);
}
