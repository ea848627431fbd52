import type { AuditedWindow } from '@locscale/native';
import type { AuditedVoxel, AuditPart, Curve } from '../../report/index.js';
import { numberText } from '../../report/index.js';

/** Windows that were audited, of which these are some. */
export interface AuditForReport {
  readonly windows: readonly AuditedWindow[];
  readonly total: number;
  readonly windowSize: number;
  /** Å. */
  readonly voxelSize: number;
}

export const auditPart = ({ windows, total, windowSize, voxelSize }: AuditForReport): AuditPart => ({
  total,
  definition:
    'Profiles of single windows from the audit: the target is what the window of the map was scaled to. ' +
    'All audited windows are in the audit file beside the map.',
  voxels: windows.filter(({ emptyWindow }) => !emptyWindow).map((window) => audited(window, windowSize * voxelSize)),
});

function audited(window: AuditedWindow, length: number): AuditedVoxel {
  const { voxel, fit, theory, mapProfile } = window;
  const named: readonly (readonly [string, Float64Array | undefined])[] = [
    ['map', mapProfile],
    ['reference', window.referenceProfile],
    ['target', window.targetProfile],
    ['exponential fit', window.exponentialFit],
    ['theory, scaled', theory?.scaledTheory],
    ['reference and theory, merged', theory?.mergedProfile],
  ];
  return {
    voxel,
    axis: mapProfile.map((_, r) => r / length),
    curves: named.flatMap(([name, values]): Curve[] => (values === undefined ? [] : [{ name, values }])),
    facts: [
      { name: 'form', value: window.form },
      { name: 'scaled value', value: numberText(window.value) },
      ...(fit === undefined
        ? []
        : [
            { name: 'B', value: `${numberText(fit.bfactor, 3)}\u00a0Å²` },
            { name: 'R²', value: numberText(fit.quality, 3) },
          ]),
      ...(theory === undefined
        ? []
        : [{ name: 'local Wilson cut-off', value: `${numberText(theory.localWilsonCutoff, 3)}\u00a0Å` }]),
    ],
  };
}
