import { describe, expect, it } from 'vitest';
import type { Warning } from '@chimerax-like/rpc';
import { scaleWindows, type ScalingForm } from '@locscale/native';
import { auditText } from '../audit-file.js';
import { type Audit, audit, type AuditInput } from './audit-windows.js';

const shape: [number, number, number] = [40, 44, 38];
const length = 40 * 44 * 38;
/** Waves of falling amplitude: a map with something in every frequency bin. */
const waves = (step: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => {
    const x = i % 38;
    const y = Math.floor(i / 38) % 44;
    const z = Math.floor(i / (38 * 44));
    const noise = Math.sin(i * i * 0.37 * step);
    return Math.sin(0.21 * x * step + 0.3 * y) + 0.5 * Math.cos(0.7 * z - 0.4 * x) + 0.3 * noise;
  });
const map = waves(1);
const reference = waves(1.7);
const mask = Uint8Array.from({ length }, (_, i) => (i % 5 === 0 ? 1 : 0));
const cutoffs = { voxelSize: 1.2, wilsonCutoff: 8, fscCutoff: 3.4 };
const theory = Float64Array.from({ length: 9 }, (_, r) => 4000 * Math.exp(-r / 3) + 300);
const theoretical: ScalingForm = { form: 'theoretical', reference, ...cutoffs, nyquistCutoff: 2.5, boost: 1.5, theory };
const noReference: ScalingForm = { form: 'no-reference', ...cutoffs, targetBfactor: 20 };

async function scaledBy(form: ScalingForm, change: Partial<AuditInput> = {}): Promise<AuditInput> {
  const fill = { map: 0.1, reference: -0.2 };
  const { scaled, bfactors, qualities } = await scaleWindows({ ...form, map, mask, shape, windowSize: 16, fill });
  const settings = {
    voxelSize: 1.2,
    windowSize: 16,
    profile: 'octant',
    smoothFactor: 0.3,
    share: 0.02,
    seed: 3,
  } as const;
  return { map, mask, shape, fill, form, ...settings, scaled, bfactors, qualities, threads: undefined, ...change };
}

async function audited(
  input: AuditInput,
): Promise<Audit & { readonly warnings: readonly Warning[]; readonly told: number }> {
  const warnings: Warning[] = [];
  let told = 0;
  const result = await audit(input, {
    signal: new AbortController().signal,
    report: (fraction) => (told = fraction),
    warn: (warning) => warnings.push(warning),
  });
  return { ...result, warnings, told };
}

describe('auditWindows', () => {
  it.each([{ form: 'atomic', reference } as const, theoretical, noReference])(
    'passes what scaling made: $form',
    async (form) => {
      const { agreement, maskVoxels, windows, warnings, told } = await audited(await scaledBy(form));
      expect(maskVoxels).toBe(Math.ceil(length / 5));
      expect(agreement.voxels).toBe(Math.round(maskVoxels * 0.02));
      expect(windows.length).toBe(agreement.voxels);
      expect(agreement.largest).toBeGreaterThan(0);
      expect(agreement.largest).toBeLessThan(2e-5);
      expect(agreement.rms).toBeLessThan(agreement.largest);
      expect(agreement.standardDeviation).toBeGreaterThan(0);
      if (form.form === 'atomic') expect(agreement.largestBfactor).toBeNull();
      else expect(agreement.largestBfactor).toBeLessThan(0.01);
      expect(warnings).toEqual([]);
      expect(told).toBe(1);
    },
  );

  it('warns with numbers when scaled values are off', async () => {
    const input = await scaledBy(theoretical);
    const off = await audited({ ...input, scaled: input.scaled.map((v) => v * 1.001) });
    expect(off.agreement.largest).toBeGreaterThan(1e-3);
    expect(off.agreement.largest).toBeLessThan(1e-2);
    expect(off.warnings.map(({ kind }) => kind)).toEqual(['audit.differs']);
    expect(off.warnings[0]?.message).toContain(off.agreement.largest.toExponential(1));
    expect(off.warnings[0]?.message).toContain(off.agreement.largestAt?.join(', ') ?? 'missing');
  });

  it.each([
    ['of another fill', { fill: null }],
    ['of another profile', { profile: 'shell' }],
    ['with a voxel that is no number', { scaled: new Float32Array(length).fill(NaN) }],
    ['that is 0', { scaled: new Float32Array(length) }],
  ] as const)('warns of a map %s', async (_, change) => {
    const { warnings } = await audited(await scaledBy({ form: 'atomic', reference }, change));
    expect(warnings.map(({ kind }) => kind)).toEqual(['audit.differs']);
  });

  it('compares a single voxel, zeros with zeros, and nothing with nothing', async () => {
    const one = mask.map((_, i) => (i === 33_000 ? 1 : 0));
    const single = await audited(await scaledBy({ form: 'atomic', reference }, { mask: one }));
    expect(single.windows.map(({ voxel }) => voxel)).toEqual([[19, 32, 16]]);
    expect(single.warnings).toEqual([]);
    const zeros = { map: new Float32Array(length), scaled: new Float32Array(length), fill: null };
    const empty = await audited(await scaledBy({ form: 'atomic', reference }, zeros));
    expect(empty.agreement).toMatchObject({ largest: 0, rms: 0, standardDeviation: 0 });
    expect(empty.windows.every(({ emptyWindow }) => emptyWindow)).toBe(true);
    const none = await audited(await scaledBy(noReference, { mask: new Uint8Array(length) }));
    expect(none.agreement).toMatchObject({ voxels: 0, largest: 0, rms: 0, largestAt: null });
    expect(none.warnings).toEqual([]);
  });
});

describe('the audit file', () => {
  type Json = Record<string, unknown> & { readonly windows: readonly Record<string, unknown>[] };
  async function written(
    form: ScalingForm,
    change: Partial<AuditInput> = {},
  ): Promise<Json & { readonly audit: Audit }> {
    const input = await scaledBy(form, change);
    const result = await audited(input);
    const text = await auditText(result, input, new AbortController().signal);
    return { ...(JSON.parse(text) as Json), audit: result };
  }

  it('holds every window with the fields of its form, to seven digits', async () => {
    const { audit: result, windows, ...head } = await written(theoretical);
    expect(head).toMatchObject({ form: 'theoretical', windowSize: 16, seed: 3, share: 0.02, boost: 1.5 });
    expect(head['agreement']).toEqual(result.agreement);
    expect(head['frequency']).toHaveLength(9);
    expect(windows.length).toBe(result.windows.length);
    const [first] = windows;
    const [expected] = result.windows;
    expect(first?.['voxel']).toEqual(expected?.voxel);
    expect(Number(first?.['bfactor']) / (expected?.fit?.bfactor ?? NaN)).toBeCloseTo(1, 6);
    for (const name of ['mapProfile', 'referenceProfile', 'targetProfile', 'scaleFactors', 'exponentialFit'])
      expect(first?.[name], name).toHaveLength(9);
    expect(first?.['scaledTheoreticalAmplitude']).toHaveLength(9);
    expect(first?.['mergedProfile']).toHaveLength(9);
    const plain = (await written({ form: 'atomic', reference })).windows[0] ?? {};
    expect(Object.keys(plain).sort()).toEqual(
      [
        'form',
        'mapProfile',
        'referenceProfile',
        'scaleFactors',
        'scaledMapValue',
        'targetProfile',
        'value',
        'voxel',
      ].sort(),
    );
  });

  it('thins large audits, and stops when it is cancelled', async () => {
    const { audit: result, windows, windowsWritten } = await written(noReference, { share: 0.3 });
    expect(result.windows.length).toBeGreaterThan(4000);
    expect(windows.length).toBe(Math.ceil(result.windows.length / 3));
    expect(windowsWritten).toBe(windows.length);
    const stopped = auditText(result, await scaledBy(noReference), AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ kind: 'job.cancelled' });
  });
});
