import { LocScaleError, type Grid } from '@chimerax-like/rpc';
import { fourierShellCorrelation, randomisePhases } from '@locscale/native';
import type { Step } from '../context.js';
import { type Compatibility, crossing, shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

/** Resolution in Å where a curve crosses; null when it never does. */
export interface Resolutions {
  readonly '0.143': number | null;
  readonly '0.5': number | null;
}

export interface FscInput {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  readonly grid: Grid;
  /** Soft mask on the same grid, 0 to 1, for the masked curve and its correction. */
  readonly mask?: Float32Array | undefined;
  /** Seed of the random phases. */
  readonly seed: number;
  readonly compatibility: Compatibility;
}

/** The masked curve, and what is left of it without the correlation that the mask itself makes. */
export interface MaskedFsc {
  readonly curve: Float64Array;
  /** FSC under the mask of maps with random phases from shell `randomisedFrom` on. */
  readonly randomised: Float64Array;
  readonly corrected: Float64Array;
  readonly randomisedFrom: number;
  readonly resolution: Resolutions;
  readonly correctedResolution: Resolutions;
}

export interface FscOutput {
  /** Frequency of each shell, 1/Å. */
  readonly axis: Float64Array;
  readonly curve: Float64Array;
  readonly resolution: Resolutions;
  readonly masked: MaskedFsc | null;
}

/** Unmasked FSC below which phases are made random (RELION's default). */
const randomiseBelow = 0.8;
/** Shells behind the first random one in which the random FSC still falls; RELION leaves them uncorrected. */
const settlingShells = 2;

/** FSC of two half maps; with a mask also the masked FSC, corrected by phase randomisation as RELION's postprocess does it. */
export const halfMapFsc: Step<FscInput, FscOutput> = {
  name: 'halfMapFsc',
  version: 1,
  keep: 'whole',
  run: async (input, { signal, report }) => {
    const { half1, half2, grid, mask, compatibility } = input;
    const axis = shellAxis(Math.max(...grid.shape), meanVoxelSize(grid), compatibility);
    const resolve = (curve: Float64Array): Resolutions => ({
      '0.143': crossing(curve, axis, 0.143, compatibility),
      '0.5': crossing(curve, axis, 0.5, compatibility),
    });
    const curve = await fourierShellCorrelation(half1, half2, grid.shape, { signal });
    report(mask === undefined ? 1 : 0.2);
    if (mask === undefined) return { axis, curve, resolution: resolve(curve), masked: null };

    const masked = await maskedFsc(input, mask, curve, signal, report);
    const { curve: under, corrected } = masked;
    return {
      axis,
      curve,
      resolution: resolve(curve),
      masked: { ...masked, resolution: resolve(under), correctedResolution: resolve(corrected) },
    };
  },
};

async function maskedFsc(
  { half1, half2, grid: { shape }, seed }: FscInput,
  mask: Float32Array,
  unmasked: Float64Array,
  signal: AbortSignal,
  report: (fraction: number) => void,
): Promise<Omit<MaskedFsc, 'resolution' | 'correctedResolution'>> {
  const under = (map: Float32Array): Float32Array => map.map((value, i) => value * (mask[i] as number));
  const curve = await fourierShellCorrelation(under(half1), under(half2), shape, { signal });
  report(0.4);
  const randomisedFrom = unmasked.findIndex((value, r) => r > 0 && value < randomiseBelow);
  if (randomisedFrom === -1) return { curve, randomised: curve, corrected: curve, randomisedFrom: curve.length };
  const random1 = under(await randomisePhases(half1, shape, randomisedFrom, seed, { signal }));
  report(0.6);
  const random2 = under(await randomisePhases(half2, shape, randomisedFrom, seed + 1, { signal }));
  report(0.8);
  const randomised = await fourierShellCorrelation(random1, random2, shape, { signal });
  return { curve, randomised, corrected: correct(curve, randomised, randomisedFrom), randomisedFrom };
}

/** FSC_true = (FSC_masked - FSC_random) / (1 - FSC_random) (Chen et al. 2013), from the settled shells on; 0 where random is above masked. */
function correct(masked: Float64Array, randomised: Float64Array, randomisedFrom: number): Float64Array {
  return masked.map((value, r) => {
    if (r < randomisedFrom + settlingShells) return value;
    const random = randomised[r] as number;
    return random > value || random >= 1 ? 0 : (value - random) / (1 - random);
  });
}

/** Weights sqrt(2 FSC / (1 + FSC)) of the shells of a full map, 0 where its halves are not correlated (scaling.md 4). */
export function fscWeights(curve: Float64Array): Float64Array {
  if (curve.length === 0)
    throw new LocScaleError('input.parameter', 'The FSC has no shell; give maps of at least 2 voxels an edge.');
  return curve.map((value) => {
    const fsc = Math.max(value, 0);
    return Math.sqrt((2 * fsc) / (1 + fsc));
  });
}
