import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { confidenceMask as compute, type ConfidenceMask, type NoiseBoxes, statistics } from '@locscale/native';
import type { Step } from '../context.js';
import { noiseBoxes, type NoiseSettings, unlikeNoise } from '../noise-boxes.js';
import { meanVoxelSize } from '../voxel-size.js';

export interface ConfidenceInput {
  /** Unsharpened map, not masked, density positive; C order (z, y, x). */
  readonly map: Float32Array;
  readonly grid: Grid;
  /** False discovery rate: the mask holds the voxels of confidence 1 - rate and more. */
  readonly rate: number;
  /** Resolution of a low-pass before the test, Å; none by default. */
  readonly filter?: number | undefined;
  readonly noise: NoiseSettings;
  readonly threads?: number | undefined;
}

export type ConfidenceOutput = ConfidenceMask & { readonly boxes: NoiseBoxes };

/** Confidence map and mask from the map alone, by control of the false discovery rate (scaling.md 6.1). */
export const confidenceMask: Step<ConfidenceInput, ConfidenceOutput> = {
  name: 'confidenceMask',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async ({ map, grid, rate, filter, noise, threads }, { signal, report, warn }) => {
    const { shape } = grid;
    const boxes = noiseBoxes(shape, noise);
    const unlike = unlikeNoise(map, shape, boxes);
    if (unlike !== null) warn(unlike);
    const lowPass = filter === undefined ? undefined : meanVoxelSize(grid) / filter;
    const input = { map, shape, noise: boxes, lowPass, rate };
    const result = await compute(input, { signal, threads, onProgress: (fraction) => report(fraction) });
    if (result.maskedVoxels === 0) throw await emptyMask(map, rate, result);
    return { ...result, boxes };
  },
};

async function emptyMask(map: Float32Array, rate: number, result: ConfidenceMask): Promise<LocScaleError> {
  const { min, max } = await statistics(map);
  // Molecule reaches much further from the noise's mean than solvent does; on the wrong side it is the contrast that is wrong.
  const inverted = result.noiseMean - min > 2 * (max - result.noiseMean);
  const advice = inverted
    ? 'the density reaches further below the noise than above it, so multiply the map by -1'
    : 'filter at a lower resolution (--fdr_filter 10), measure the noise in solvent (--noise_box z,y,x), give a mask of your own, or check that the map is not inverted';
  return new LocScaleError(
    'input.voxels',
    `No voxel of the map reaches a confidence of ${Number((1 - rate).toPrecision(6))}, the highest is ${Number(result.highestConfidence.toPrecision(3))}; ${advice}.`,
    { expected: 1 - rate, seen: result.highestConfidence, noiseMean: result.noiseMean, min, max, inverted },
  );
}
