import { setImmediate as turn } from 'node:timers/promises';
import type { AuditedWindow, ScalingForm } from '@locscale/native';
import { throwIfCancelled } from './runner.js';
import { type Audit, type AuditInput, auditTolerance } from './steps/audit-windows.js';
import { programVersion } from './version.js';

/** Windows written with all their profiles: about 2 MB. Of larger audits every second, third … is written. */
const mostRows = 2000;

/** What the file says of the run, besides the audit itself. */
export type AuditSettings = Pick<
  AuditInput,
  'form' | 'profile' | 'voxelSize' | 'windowSize' | 'smoothFactor' | 'share' | 'seed' | 'scaled' | 'shape'
>;

/** The text of `<stem>_audit.json`; docs/audit.md says what the fields are. One window a line. */
export async function auditText(audit: Audit, settings: AuditSettings, signal: AbortSignal): Promise<string> {
  const { windows, maskVoxels, agreement } = audit;
  const { form, profile, voxelSize, windowSize, smoothFactor, share, seed } = settings;
  const step = Math.max(1, Math.ceil(windows.length / mostRows));
  const rows = windows.filter((_, i) => i % step === 0);
  const bins = Array.from({ length: windowSize / 2 + 1 }, (_, r) => r);
  const head = {
    program: 'locscale',
    version: programVersion,
    writtenAt: new Date().toISOString(),
    form: form.form,
    profile,
    voxelSize,
    windowSize,
    ...formNumbers(form),
    smoothFactor,
    share,
    seed,
    maskVoxels,
    tolerance: auditTolerance,
    agreement,
    frequency: bins.map((r) => short(r / (windowSize * voxelSize))),
    ...('theory' in form ? { theoreticalAmplitude: numbers(form.theory) } : {}),
    windowsWritten: rows.length,
  };
  const lines: string[] = [];
  for (const [i, window] of rows.entries()) {
    lines.push(JSON.stringify(row(window, settings)));
    if (i % 250 !== 249) continue;
    throwIfCancelled(signal);
    await turn();
  }
  return `${JSON.stringify(head, null, 1).replace(/\n\}$/, '')},\n "windows": [\n${lines.join(',\n')}\n]}\n`;
}

function formNumbers(form: ScalingForm): Readonly<Record<string, number>> {
  switch (form.form) {
    case 'atomic':
      return form.measure === undefined ? {} : { fscCutoff: form.measure.fscCutoff };
    case 'no-reference': {
      const { wilsonCutoff, fscCutoff, targetBfactor } = form;
      return { wilsonCutoff, fscCutoff, targetBfactor };
    }
    case 'theoretical':
    case 'hybrid': {
      const { wilsonCutoff, fscCutoff, nyquistCutoff, boost } = form;
      return { wilsonCutoff, fscCutoff, nyquistCutoff, boost };
    }
  }
}

/** Maps have single precision, which is seven digits. */
const short = (value: number): number => Number(value.toPrecision(7));
const numbers = (values: Float64Array | undefined): readonly number[] | undefined =>
  values === undefined ? undefined : Array.from(values, short);

/** Fields that a window does not have are left out. */
function row(window: AuditedWindow, { scaled, shape }: AuditSettings): Readonly<Record<string, unknown>> {
  const { voxel, fit, theory } = window;
  return {
    voxel,
    form: window.form,
    value: short(window.value),
    scaledMapValue: short(scaled[(voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2]] ?? NaN),
    ...(window.emptyWindow ? { emptyWindow: true } : {}),
    ...(window.fitFailed ? { fitFailed: true } : {}),
    ...(fit === undefined
      ? {}
      : { bfactor: short(fit.bfactor), amplitude: short(fit.amplitude), quality: short(fit.quality) }),
    ...(theory === undefined
      ? {}
      : {
          localWilsonCutoff: short(theory.localWilsonCutoff),
          deviationsBegin: short(theory.deviationsBegin),
          deviationsEnd: short(theory.deviationsEnd),
        }),
    mapProfile: numbers(window.mapProfile),
    referenceProfile: numbers(window.referenceProfile),
    targetProfile: numbers(window.targetProfile),
    scaleFactors: numbers(window.scaleFactors),
    exponentialFit: numbers(window.exponentialFit),
    scaledTheoreticalAmplitude: numbers(theory?.scaledTheory),
    mergedProfile: numbers(theory?.mergedProfile),
  };
}
