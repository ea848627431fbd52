import type { Box } from '../simulation/box.js';
import type { Envelope } from '../simulation/mask.js';

/** Edge of the cube in which contrast is measured, Å: a helix turn and its neighbours. */
const windowEdge = 11;
/** Every n-th selected voxel is measured. */
const stride = 17;

const deviation = (map: Float32Array, [, ny, nx]: Box['shape'], centre: number, half: number): number => {
  let [n, sum, squares] = [0, 0, 0];
  for (let z = -half; z <= half; z++)
    for (let y = -half; y <= half; y++)
      for (let x = -half; x <= half; x++) {
        const value = map[centre + (z * ny + y) * nx + x];
        if (value === undefined) continue;
        n++;
        sum += value;
        squares += value * value;
      }
  return Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
};

/** Local contrast of a map relative to the truth's, binned by B-factor. */
export interface ContrastBin {
  /** Mean B of the bin, Å². */
  readonly bFactor: number;
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;

/**
 * Ratio of the local standard deviation of `map` to that of `truth`, in cubes of 11 Å about the selected voxels, in bins of
 * equal size along B. The ratios of a map are divided by their median over all of these, so only how contrast is
 * *distributed* shows: 1 everywhere means that no part is too faint or too loud compared with the others.
 */
export const contrastByB = (
  map: Float32Array,
  truth: Float32Array,
  box: Box,
  envelope: Envelope,
  selected: Uint8Array,
  bins = 8,
): ContrastBin[] => {
  const half = Math.round((windowEdge / box.voxelSize - 1) / 2);
  const samples: { readonly b: number; readonly ratio: number }[] = [];
  let seen = 0;
  selected.forEach((inside, i) => {
    if (inside === 0 || seen++ % stride !== 0) return;
    const expected = deviation(truth, box.shape, i, half);
    if (expected > 0)
      samples.push({ b: envelope.bFactor[i] as number, ratio: deviation(map, box.shape, i, half) / expected });
  });
  const typical = quantile(
    samples.map((sample) => sample.ratio).sort((a, b) => a - b),
    0.5,
  );
  samples.sort((a, b) => a.b - b.b);
  return Array.from({ length: bins }, (_, k) => {
    const bin = samples.slice(Math.floor((k * samples.length) / bins), Math.floor(((k + 1) * samples.length) / bins));
    const ratios = bin.map((sample) => sample.ratio / typical).sort((a, b) => a - b);
    return {
      bFactor: bin.reduce((sum, sample) => sum + sample.b, 0) / bin.length,
      median: quantile(ratios, 0.5),
      lowerQuartile: quantile(ratios, 0.25),
      upperQuartile: quantile(ratios, 0.75),
    };
  });
};
