import { auditText } from '../audit-file.js';
import type { Step } from '../context.js';
import { type Audit, audit, type AuditInput } from './audit-windows.js';
import type { ScalingInput } from './scale-windows.js';
import { scalingForm } from './scaling-form.js';

/** What was scaled and how, and the result. */
export interface AuditScalingInput
  extends ScalingInput, Pick<AuditInput, 'scaled' | 'bfactors' | 'qualities' | 'smoothFactor' | 'share' | 'seed'> {}

/** An audit and its file; of the windows some for a report. */
export type AuditedScaling = Pick<Audit, 'agreement' | 'maskVoxels' | 'windows'> & {
  /** JSON (docs/audit.md). */
  readonly text: string;
};

/** Windows that a report can show. */
const shownWindows = 4;

/** Audits a scaled map in the terms of the recipes. */
export const auditScaling: Step<AuditScalingInput, AuditedScaling> = {
  name: 'auditScaling',
  version: 1,
  unkeyed: ['threads', 'live'],
  keep: 'whole',
  run: async (input, context) => {
    const request: AuditInput = { ...input, form: scalingForm(input) };
    const { windows, maskVoxels, agreement } = await audit(request, context);
    const text = await auditText({ windows, maskVoxels, agreement }, request, context.signal);
    const stride = Math.max(1, Math.floor(windows.length / shownWindows));
    return { agreement, maskVoxels, windows: windows.filter((_, i) => i % stride === 0).slice(0, shownWindows), text };
  },
};
