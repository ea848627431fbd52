import { NativeError } from './errors.js';
import { expectLength } from './shape.js';

/** Reference map on the grid of the map. */
interface Referenced {
  readonly reference: Float32Array;
}

/** The reference's own profile in every window. With `measure`, B-factors of the reference, fitted from 10 Å on. */
export interface AtomicForm extends Referenced {
  readonly form: 'atomic';
  readonly measure?: { readonly voxelSize: number; readonly fscCutoff: number };
}

/** What the theoretical form needs; lengths in Å. Cut-offs as LocScale names them (resolutions, not frequencies). */
export interface TheoreticalParameters {
  readonly voxelSize: number;
  /** Lowest resolution at which a fit may begin. */
  readonly wilsonCutoff: number;
  /** Highest resolution that gets a deviation; beyond the voxel size's limit: no end. */
  readonly fscCutoff: number;
  /** Highest resolution of the fits. */
  readonly nyquistCutoff: number;
  /** Factor on the deviation (secondary structure), 1 or more. */
  readonly boost: number;
  /** Amplitude of a typical protein at r / (windowSize · voxelSize), r = 0 … windowSize / 2. */
  readonly theory: Float64Array;
}

/** Reference profile plus the deviation of a typical protein's profile from a straight Wilson plot. */
export interface TheoreticalForm extends Referenced, TheoreticalParameters {
  readonly form: 'theoretical';
}

/** The map's own profile brought to one B-factor; contrast only, nothing from elsewhere. */
export interface NoReferenceForm {
  readonly form: 'no-reference';
  readonly voxelSize: number;
  readonly wilsonCutoff: number;
  readonly fscCutoff: number;
  /** Å², 0 or more. */
  readonly targetBfactor: number;
}

/** Theoretical where the difference mask is nonzero, atomic elsewhere. */
export interface HybridForm extends Referenced, TheoreticalParameters {
  readonly form: 'hybrid';
  readonly differenceMask: Uint8Array;
}

export type ScalingForm = AtomicForm | TheoreticalForm | NoReferenceForm | HybridForm;

/** The form as the addon takes it; `ScalingForm` of `native/kernels/scaling/scale_factors.h` is its twin. */
export interface FormArguments {
  readonly form: number;
  readonly reference: Float32Array | undefined;
  readonly voxelSize: number;
  readonly wilsonCutoff: number;
  readonly fscCutoff: number;
  readonly nyquistCutoff: number;
  readonly boost: number;
  readonly targetBfactor: number;
  readonly theory: Float64Array | undefined;
  readonly measureBfactor: true | undefined;
  readonly differenceMask: Uint8Array | undefined;
}

const formNumber = { atomic: 0, theoretical: 1, 'no-reference': 2, hybrid: 3 } as const;

function expectPositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new NativeError('input.parameter', `${name} is ${value}; expected a positive number.`);
  }
}

/** Checks the numbers of a form and lays them out for the addon. */
export function formArguments(input: ScalingForm, voxels: number, windowSize: number): FormArguments {
  const blank: Omit<FormArguments, 'form'> = {
    reference: undefined,
    voxelSize: 0,
    wilsonCutoff: 0,
    fscCutoff: 0,
    nyquistCutoff: 0,
    boost: 1,
    targetBfactor: 0,
    theory: undefined,
    measureBfactor: undefined,
    differenceMask: undefined,
  };
  if (input.form !== 'no-reference') expectLength('The reference map', input.reference, voxels);
  switch (input.form) {
    case 'atomic': {
      const { form, reference, measure } = input;
      if (measure === undefined) return { ...blank, form: formNumber[form], reference };
      const { voxelSize, fscCutoff } = measure;
      expectPositive({ voxelSize, fscCutoff });
      return { ...blank, form: formNumber[form], reference, voxelSize, fscCutoff, measureBfactor: true };
    }
    case 'no-reference': {
      const { form, voxelSize, wilsonCutoff, fscCutoff, targetBfactor } = input;
      expectPositive({ voxelSize, wilsonCutoff, fscCutoff });
      if (!(targetBfactor >= 0)) {
        throw new NativeError('input.parameter', `targetBfactor is ${targetBfactor}; expected 0 or more (Å²).`);
      }
      return { ...blank, form: formNumber[form], voxelSize, wilsonCutoff, fscCutoff, targetBfactor };
    }
    case 'theoretical':
    case 'hybrid': {
      const { form, reference, voxelSize, wilsonCutoff, fscCutoff, nyquistCutoff, boost, theory } = input;
      expectPositive({ voxelSize, wilsonCutoff, fscCutoff, nyquistCutoff, boost });
      expectLength('The theoretical profile', theory, windowSize / 2 + 1, 'amplitudes');
      if (!theory.every((amplitude) => Number.isFinite(amplitude) && amplitude > 0)) {
        throw new NativeError('input.parameter', 'The theoretical profile must hold positive amplitudes only.');
      }
      const differenceMask = form === 'hybrid' ? input.differenceMask : undefined;
      if (differenceMask !== undefined) expectLength('The difference mask', differenceMask, voxels);
      const numbers = { voxelSize, wilsonCutoff, fscCutoff, nyquistCutoff, boost };
      return { ...blank, ...numbers, form: formNumber[form], reference, theory, differenceMask };
    }
  }
}
