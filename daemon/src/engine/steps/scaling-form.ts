import type { ScalingForm } from '@locscale/native';

/** How target profiles come about, in the words of the recipes; lengths in Å. */
export interface FormSettings {
  readonly form: ScalingForm['form'];
  /** Reference map; all forms but `no-reference`. */
  readonly reference?: Float32Array | undefined;
  readonly voxelSize: number;
  /** Fit B-factors of the reference in the atomic form, too. */
  readonly measureBfactors?: boolean | undefined;
  readonly fscCutoff?: number | undefined;
  readonly wilsonCutoff?: number | undefined;
  readonly nyquistCutoff?: number | undefined;
  readonly boost?: number | undefined;
  /** Amplitudes of a typical protein at r / (windowSize · voxelSize). */
  readonly theory?: Float64Array | undefined;
  /** Å², form `no-reference`. */
  readonly targetBfactor?: number | undefined;
  /** Nonzero: theoretical form; form `hybrid`. */
  readonly differenceMask?: Uint8Array | undefined;
}

/** The form as the kernel takes it. */
export function scalingForm(settings: FormSettings): ScalingForm {
  const { form, voxelSize } = settings;
  const needed = <K extends keyof FormSettings>(name: K): NonNullable<FormSettings[K]> => {
    const value = settings[name];
    if (value === undefined) throw new Error(`the ${form} form needs ${name}`);
    return value;
  };
  switch (form) {
    case 'atomic': {
      const measure = { voxelSize, fscCutoff: settings.fscCutoff ?? 0 };
      return { form, reference: needed('reference'), ...(settings.measureBfactors === true ? { measure } : {}) };
    }
    case 'no-reference':
      return {
        form,
        voxelSize,
        wilsonCutoff: needed('wilsonCutoff'),
        fscCutoff: needed('fscCutoff'),
        targetBfactor: needed('targetBfactor'),
      };
    case 'theoretical':
    case 'hybrid': {
      const theoretical = {
        reference: needed('reference'),
        voxelSize,
        wilsonCutoff: needed('wilsonCutoff'),
        fscCutoff: needed('fscCutoff'),
        nyquistCutoff: needed('nyquistCutoff'),
        boost: needed('boost'),
        theory: needed('theory'),
      };
      return form === 'theoretical'
        ? { form, ...theoretical }
        : { form, ...theoretical, differenceMask: needed('differenceMask') };
    }
  }
}
