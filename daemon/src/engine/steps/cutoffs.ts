import { LocScaleError } from '@chimerax-like/rpc';
import { plural } from '../../volumes/index.js';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';
import type { FscOutput } from './half-map-fsc.js';

/** Voxels with at least this value count for the volume of the molecule (scaling.md 7). */
const insideFrom = 0.99;
/** Mass of a protein per volume inside a mask, Da/Å³, and the constants of the cut-off it leads to (scaling.md 7). */
const daltonPerCubicAngstrom = 0.8;
const [wilsonFactor, wilsonExponent] = [0.309, -1 / 12];

export interface WilsonInput {
  /** As it was given, not binarised: a soft edge does not count. */
  readonly mask: Float32Array | Uint8Array;
  /** Å. */
  readonly voxelSize: number;
}

/** Resolution in Å from which on a Wilson plot is straight, from the volume of the mask: 1 / (0.309 MW^(-1/12)). */
export const wilsonCutoff: Step<WilsonInput, number> = {
  name: 'wilsonCutoff',
  version: 1,
  keep: 'whole',
  run: async ({ mask, voxelSize }, { signal }) => {
    let inside = 0;
    await inChunks(mask.length, signal, 1, (first, end) => {
      for (let i = first; i < end; i++) if ((mask[i] as number) >= insideFrom) inside++;
    });
    if (inside === 0)
      throw new LocScaleError(
        'input.voxels',
        `No voxel of the mask reaches ${insideFrom}, so it has no volume to estimate a mass from; give --wilson_cutoff, or a mask that is 1 inside.`,
        { threshold: insideFrom },
      );
    const mass = daltonPerCubicAngstrom * inside * voxelSize ** 3;
    return 1 / (wilsonFactor * mass ** wilsonExponent);
  },
};

/** LocScale's limit of the voxel size, Å: (round(20 a) + 1) / 10, halves to even (scaling.md 8). */
export function nyquistCutoff(voxelSize: number): number {
  const twenty = 20 * voxelSize;
  const floor = Math.floor(twenty);
  const half = twenty - floor === 0.5;
  return ((half ? floor + (floor % 2) : Math.round(twenty)) + 1) / 10;
}

export interface ResolutionInput {
  /** Of the half maps; undefined when there are none. */
  readonly fsc: FscOutput | undefined;
  /** Å. */
  readonly voxelSize: number;
}

/** Resolution of a map in Å where the user gives none: FSC 0.143, else the limit of the voxel size and 1 Å more (scaling.md 8). */
export const mapResolution: Step<ResolutionInput, number> = {
  name: 'mapResolution',
  version: 1,
  keep: 'whole',
  run: ({ fsc, voxelSize }, { warn }) => {
    if (fsc === undefined) return nyquistCutoff(voxelSize) + 1;
    const resolution = fsc.resolution['0.143'];
    if (resolution !== null) return resolution;
    const nyquist = 2 * voxelSize;
    warn({
      kind: 'fsc.no-crossing',
      message: `The FSC of the half maps never falls below 0.143, so the limit of the voxel size, ${nyquist.toFixed(2)} Å, counts as resolution; half maps that went through one refinement together look like this.`,
    });
    return nyquist;
  },
};

export interface FitStartInput {
  /** Å, from the volume of the mask. */
  readonly wilsonCutoff: number;
  /** Å: where the fits end. */
  readonly end: number;
  /** Voxels. */
  readonly windowSize: number;
  /** Å. */
  readonly voxelSize: number;
}

/** A line needs two points. */
const leastBins = 2;

/**
 * Where local fits begin, Å: at the Wilson cut-off, or further out where a map of low resolution leaves fewer than two frequency
 * bins of the window behind it.
 */
export const fitStart: Step<FitStartInput, number> = {
  name: 'fitStart',
  version: 1,
  keep: 'whole',
  run: ({ wilsonCutoff: wilson, end, windowSize, voxelSize }, { warn }) => {
    const edge = windowSize * voxelSize;
    // The bin at the end itself counts only where the window has no further one, as in the kernel.
    const last = edge / end >= windowSize / 2 ? windowSize / 2 : Math.ceil(edge / end) - 1;
    const bins = last - Math.ceil(edge / wilson) + 1;
    const first = last - leastBins + 1;
    if (bins >= leastBins || first < 1) return wilson;
    // A hair in front of the bin, so that rounding does not lose it.
    const start = (edge / first) * (1 + 1e-9);
    warn({
      kind: 'fit.start-moved',
      message: `The window of ${windowSize} voxels has ${plural(Math.max(0, bins), 'frequency bin', 'frequency bins')} between the Wilson cut-off, ${wilson.toFixed(2)} Å, and ${end.toFixed(2)} Å, so local fits begin at ${start.toFixed(2)} Å; a larger window (-wn) has more bins.`,
    });
    return start;
  },
};
