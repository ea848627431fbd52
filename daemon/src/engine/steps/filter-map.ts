import type { Grid } from '@chimerax-like/rpc';
import { applyRadialGain, cosineMask as soften, type RadialGain, radialProfile } from '@locscale/native';
import type { Step } from '../context.js';
import { type Compatibility, shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';
import { fscWeights } from './half-map-fsc.js';

/** A filter in the units of people: Å and Å². */
export type MapFilter =
  /** Tanh low-pass and high-pass (scaling.md 11), Å; both together pass the band between. */
  | { readonly kind: 'band'; readonly lowPass?: number | undefined; readonly highPass?: number | undefined }
  /** exp(B f² / 4): B above 0 sharpens. Compatible: by shells on LocScale's stretched axis, nothing beyond Nyquist changed. */
  | { readonly kind: 'global-b'; readonly b: number; readonly compatibility: Compatibility }
  /** Weights of the FSC of the half maps. Beyond Nyquist 0; compatible: unchanged, as LocScale leaves it. */
  | { readonly kind: 'fsc'; readonly curve: Float64Array; readonly compatibility: Compatibility }
  /** Gives the map the radial profile of another one on the same grid. */
  | { readonly kind: 'profile'; readonly reference: Float32Array };

export interface FilterInput {
  readonly map: Float32Array;
  readonly grid: Grid;
  readonly filter: MapFilter;
}

/** Multiplies the Fourier coefficients of a map by a gain that depends on their frequency, in double precision. */
export const filterMap: Step<FilterInput, Float32Array> = {
  name: 'filterMap',
  version: 1,
  run: async (input, { signal, report }) => {
    const gain = await gainOf(input, signal);
    report(0.3);
    return applyRadialGain(input.map, input.grid.shape, gain, { signal });
  },
};

async function gainOf({ map, grid, filter }: FilterInput, signal: AbortSignal): Promise<RadialGain> {
  const voxelSize = meanVoxelSize(grid);
  const { shape } = grid;
  switch (filter.kind) {
    case 'band': {
      const cyclesPerVoxel = (d: number | undefined): number | undefined => (d === undefined ? d : voxelSize / d);
      return { kind: 'tanh', lowPass: cyclesPerVoxel(filter.lowPass), highPass: cyclesPerVoxel(filter.highPass) };
    }
    case 'global-b': {
      if (filter.compatibility === 'none') return { kind: 'global-b', b: filter.b / voxelSize ** 2 };
      const axis = shellAxis(Math.max(...shape), voxelSize, filter.compatibility);
      return { kind: 'shells', gains: axis.map((f) => Math.exp((filter.b * f ** 2) / 4)), beyond: 1 };
    }
    case 'fsc':
      return {
        kind: 'shells',
        gains: fscWeights(filter.curve),
        beyond: filter.compatibility === 'none' ? 0 : 1,
      };
    case 'profile': {
      const [own, wanted] = [
        await radialProfile(map, shape, { signal }),
        await radialProfile(filter.reference, shape, { signal }),
      ];
      // A shell without power cannot be given any.
      const gains = wanted.map((amplitude, r) => ((own[r] as number) > 0 ? amplitude / (own[r] as number) : 0));
      return { kind: 'shells', gains, beyond: gains.at(-1) ?? 1 };
    }
  }
}

export interface SoftMaskInput {
  readonly mask: Float32Array;
  readonly shape: Grid['shape'];
  /** Width of the kernel, voxels. */
  readonly length: number;
}

/** Gives a mask a cosine edge (scaling.md 11). */
export const cosineMask: Step<SoftMaskInput, Float32Array> = {
  name: 'cosineMask',
  version: 1,
  run: ({ mask, shape, length }, { signal }) => soften(mask, shape, length, { signal }),
};
