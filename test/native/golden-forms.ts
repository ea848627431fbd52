import type { ScalingForm, TheoreticalParameters } from '@locscale/native';
import { goldenManifest, goldenMap, type GoldenMode, type GoldenProbe } from './helpers.js';

/** A run of LocScale's own scaling loop, and what it was given. */
export interface FormMode extends GoldenMode {
  readonly apix: number;
  readonly padded: boolean;
  readonly probes: readonly FormProbe[];
  readonly scale_factor_arguments: {
    readonly wilson: number;
    readonly fsc_cutoff: number;
    readonly nyquist: number;
    readonly smooth: number;
    readonly boost_secondary_structure: number;
    readonly set_local_bfactor?: number;
  };
}

/** What LocScale's audit says of one voxel; the later fields where a form has them. */
export interface FormProbe extends GoldenProbe {
  readonly theoretical: boolean;
  readonly bfactor: number;
  readonly qfit: number;
  readonly freq?: readonly number[];
  readonly amplitude?: number;
  readonly theoretical_amplitude?: readonly number[];
  readonly scaled_theoretical_amplitude?: readonly number[];
  /** The merged profile; in the no-reference form the map's profile at the target B-factor, before the low-pass. */
  readonly scaled_reference_profile?: readonly number[];
  readonly fsc_filtered_reference_profile?: readonly number[];
  readonly deviated_reference_profile?: readonly number[];
  readonly exponential_fit?: readonly number[];
  readonly local_wilson?: number;
  readonly deviations_begin?: number;
  readonly deviations_end?: number;
}

export function goldenMode(name: string): FormMode {
  const mode = goldenManifest().modes[name];
  if (mode === undefined) throw new Error(`no mode ${name} in the manifest`);
  return mode as FormMode;
}

const theoryOf = (): Float64Array => {
  const manifest = goldenManifest() as unknown as { theoretical_profile_resampled: { amplitude: number[] } };
  return Float64Array.from(manifest.theoretical_profile_resampled.amplitude);
};

/** The form that a mode of the golden manifest was run with. */
export function goldenForm(name: string, mode: FormMode): ScalingForm {
  const a = mode.scale_factor_arguments;
  const common = { voxelSize: mode.apix, wilsonCutoff: a.wilson, fscCutoff: a.fsc_cutoff };
  const reference = goldenMap('model_map.mrc.gz');
  const theoretical: TheoreticalParameters = {
    ...common,
    nyquistCutoff: a.nyquist,
    boost: a.boost_secondary_structure,
    theory: theoryOf(),
  };
  if (name.includes('no_reference'))
    return { form: 'no-reference', ...common, targetBfactor: a.set_local_bfactor ?? 20 };
  if (name.includes('theoretical')) return { form: 'theoretical', reference, ...theoretical };
  if (name.includes('hybrid')) {
    const differenceMask = Uint8Array.from(goldenMap('difference_mask.mrc.gz'), (v) => (v === 0 ? 0 : 1));
    return { form: 'hybrid', reference, ...theoretical, differenceMask };
  }
  return name.includes('measured') ? { form: 'atomic', reference, measure: common } : { form: 'atomic', reference };
}
