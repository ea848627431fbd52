import type { Box } from '../simulation/box.js';
import type { Envelope } from '../simulation/mask.js';
import { contrastByB, type ContrastBin } from './contrast.js';
import { correlation, modelledVoxels, type RegionClass } from './correlation.js';
import { amplitudeCurve, fscCurve, profileMismatch, resolutionAt, type Curve } from './fsc.js';

/** The maps that are compared, all on one grid. */
export interface ComparedMaps {
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  /** Mean of the half maps, as they come from the reconstruction. */
  readonly unsharpened: Float32Array;
  /** Unsharpened, with one global B-factor taken off and low-passed: the usual alternative. */
  readonly global: Float32Array;
  /** Result of the job. */
  readonly sharpened: Float32Array;
  readonly reference: Float32Array;
  readonly truth: Float32Array;
}

export const measuredMaps = ['unsharpened', 'global', 'sharpened'] as const;
export type MeasuredMap = (typeof measuredMaps)[number];
type PerMap<T> = Readonly<Record<MeasuredMap, T>>;

/** What was measured of one map against the truth. */
export interface Measurement {
  /** FSC against the truth inside the soft mask. */
  readonly fscMasked: Curve;
  readonly amplitude: Curve;
  /** Spread of ln(amplitude / truth) from 10 Å to the resolution; 0 = the same fall-off. */
  readonly profileMismatch: number;
  /** Real-space correlation with the truth in each region class. */
  readonly correlations: readonly number[];
  readonly contrast: readonly ContrastBin[];
}

export interface Findings {
  readonly classes: readonly RegionClass[];
  readonly halfMapFsc: Curve;
  /** Resolution by the half-map FSC at 0.143 inside the soft mask, Å. */
  readonly resolution: number | null;
  readonly truthAmplitude: Curve;
  readonly referenceAmplitude: Curve;
  /** FSC against the truth over the whole box, solvent included. */
  readonly fscWhole: { readonly unsharpened: Curve; readonly sharpened: Curve };
  readonly maps: PerMap<Measurement>;
}

/** Lowest frequency at which profiles are compared, 1/Å: below, the particle's shape decides. */
const profileStart = 1 / 10;

/** Compares the maps with the truth; `resolution` (Å) is where the profile comparison ends. */
export const compareMaps = async (
  maps: ComparedMaps,
  box: Box,
  envelope: Envelope,
  softMask: Float32Array,
  classes: readonly RegionClass[],
  resolution: number,
): Promise<Findings> => {
  const halfMapFsc = await fscCurve(maps.half1, maps.half2, box, softMask);
  const truthAmplitude = await amplitudeCurve(maps.truth, box, softMask);
  const modelled = modelledVoxels(classes);
  const measure = async (map: Float32Array): Promise<Measurement> => {
    const amplitude = await amplitudeCurve(map, box, softMask);
    return {
      fscMasked: await fscCurve(map, maps.truth, box, softMask),
      amplitude,
      profileMismatch: profileMismatch(amplitude, truthAmplitude, profileStart, 1 / resolution),
      correlations: classes.map(({ selected }) => correlation(map, maps.truth, selected)),
      contrast: contrastByB(map, maps.truth, box, envelope, modelled),
    };
  };
  return {
    classes,
    halfMapFsc,
    resolution: resolutionAt(halfMapFsc, 0.143),
    truthAmplitude,
    referenceAmplitude: await amplitudeCurve(maps.reference, box, softMask),
    fscWhole: {
      unsharpened: await fscCurve(maps.unsharpened, maps.truth, box),
      sharpened: await fscCurve(maps.sharpened, maps.truth, box),
    },
    maps: {
      unsharpened: await measure(maps.unsharpened),
      global: await measure(maps.global),
      sharpened: await measure(maps.sharpened),
    },
  };
};
