import { describe, expect, it } from 'vitest';
import {
  auditWindows,
  combineHalfMaps,
  scaleWindows,
  type AuditedWindow,
  type AuditWindowsInput,
  type ScaleWindowsInput,
  type Shape,
} from '@locscale/native';
import { goldenForm, goldenMode, type FormMode } from './golden-forms.js';
import { goldenMap, goldenMissing, goldenReason, goldenShape, randomMap, voxelIndex } from './helpers.js';
import { blobMap, eachVoxel, raggedMask } from './scaling-cases.js';

/** Every `step`-th mask voxel as z, y, x. */
function maskedVoxels(mask: Uint8Array, shape: Shape, step = 1): Int32Array {
  const voxels: number[] = [];
  let seen = 0;
  eachVoxel(shape, (i, ...zyx) => {
    if (mask[i] !== 0 && seen++ % step === 0) voxels.push(...zyx);
  });
  return Int32Array.from(voxels);
}

/** Largest difference of the fast kernel from the audit: values against their root mean square, B in Å², R² as it is. */
async function compareWithFast(input: ScaleWindowsInput, step = 1) {
  const fast = await scaleWindows(input);
  const windows = await auditWindows({ ...input, voxels: maskedVoxels(input.mask, input.shape, step) });
  const worst = { value: 0, bfactor: 0, quality: 0 };
  const power = windows.reduce((sum, { value }) => sum + value ** 2, 0) / windows.length;
  const note = (name: keyof typeof worst, difference: number): void => {
    if (!(difference <= worst[name])) worst[name] = difference;
  };
  for (const window of windows) {
    const at = voxelIndex(window.voxel, input.shape);
    note('value', Math.abs((fast.scaled[at] ?? NaN) - window.value) / Math.sqrt(power));
    if (fast.bfactors === undefined || fast.qualities === undefined) continue;
    note('bfactor', Math.abs((fast.bfactors[at] ?? NaN) - (window.fit?.bfactor ?? 0)));
    note('quality', Math.abs((fast.qualities[at] ?? NaN) - (window.fit?.quality ?? 0)));
  }
  expect(power).toBeGreaterThan(0);
  return { ...worst, windows, fast };
}

describe.skipIf(goldenMissing)(`audit against LocScale 2.3.1 (${goldenReason})`, () => {
  const goldenInput = async (name: string, mode: FormMode) => ({
    ...goldenForm(name, mode),
    map: await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz')),
    shape: goldenShape,
    windowSize: mode.window,
    fill: { map: mode.padding_value_emmap ?? 0, reference: mode.padding_value_modmap ?? 0 },
  });
  /** Largest relative difference; fails where the numbers are missing. */
  function expectNear(found: ArrayLike<number> | undefined, expected: readonly number[] | undefined, within: number) {
    expect(expected?.length).toBe(found?.length);
    expected?.forEach((value, i) => expect(Math.abs((found?.[i] ?? NaN) / value - 1)).toBeLessThan(within));
  }
  // LocScale finds its straight lines by iteration, which stops within 2e-6 Å² of the minimum; the rest is double precision.
  const exact = 1e-12;
  const fitted = 2e-7;

  it.each([
    'slab_atomic',
    'slab_atomic_measured_b',
    'slab_theoretical',
    'slab_theoretical_boost1',
    'slab_no_reference',
    'slab_no_reference_b0',
    'slab_hybrid',
    'edge_atomic',
    'edge_theoretical',
  ])('holds what its audit holds: %s', async (name) => {
    const mode = goldenMode(name);
    const padding = mode.padded ? mode.window / 2 : 0;
    const voxels = mode.probes.flatMap(({ center_zyx_in_padded_box: at }) => at.map((i) => i - padding));
    const input: AuditWindowsInput = { ...(await goldenInput(name, mode)), voxels: Int32Array.from(voxels) };
    const windows = await auditWindows({ ...input, smoothFactor: mode.scale_factor_arguments.smooth });
    expect(mode.probes.length).toBe(10);
    mode.probes.forEach((probe, i) => {
      const window = windows[i] as AuditedWindow;
      const within = window.form === 'atomic' ? exact : fitted;
      expect(window.fitFailed || window.emptyWindow).toBe(false);
      expectNear(window.mapProfile, probe.em_profile, exact);
      expectNear(window.scaleFactors, probe.scale_factors, within);
      expectNear([window.value], [probe.value], within);
      if (window.form !== 'no-reference') expectNear(window.referenceProfile, probe.ref_profile, exact);
      expect(window.form === 'theoretical').toBe(probe.theoretical);
      // LocScale fills in 99 and 0.99 where it fits nothing.
      if (probe.bfactor === 99) expect(window.fit).toBeUndefined();
      else {
        expect(Math.abs((window.fit?.bfactor ?? NaN) - probe.bfactor)).toBeLessThan(2e-6);
        expect(Math.abs((window.fit?.quality ?? NaN) - probe.qfit)).toBeLessThan(exact);
        if (probe.amplitude !== undefined) expectNear([window.fit?.amplitude ?? NaN], [probe.amplitude], fitted);
      }
      if (window.form === 'no-reference')
        expectNear(window.targetProfile, probe.fsc_filtered_reference_profile, fitted);
      if (window.form !== 'theoretical') return expect(window.theory).toBeUndefined();
      expectNear(window.theory?.scaledTheory, probe.scaled_theoretical_amplitude, fitted);
      expectNear(window.theory?.mergedProfile, probe.scaled_reference_profile, fitted);
      expectNear(window.targetProfile, probe.deviated_reference_profile, fitted);
      expectNear(window.exponentialFit, probe.exponential_fit, fitted);
      expect(window.theory?.localWilsonCutoff).toBe(probe.local_wilson);
      expect(window.theory?.deviationsBegin).toBe(probe.deviations_begin);
      expect(window.theory?.deviationsEnd).toBe(probe.deviations_end);
    });
  });

  it.each(['slab_atomic_measured_b', 'slab_theoretical', 'slab_no_reference', 'slab_hybrid', 'edge_theoretical'])(
    'agrees with the fast kernel: %s',
    async (name) => {
      const mode = goldenMode(name);
      const maskMap = goldenMap(name.startsWith('edge') ? 'mask_edge.mrc.gz' : 'mask_slab.mrc.gz');
      const mask = Uint8Array.from(maskMap, (v) => (v >= 0.5 ? 1 : 0));
      const { windows, value, bfactor, quality } = await compareWithFast(
        { ...(await goldenInput(name, mode)), mask },
        7,
      );
      expect(windows.length).toBeGreaterThan(200);
      expect(value).toBeLessThan(1e-5);
      expect(bfactor).toBeLessThan(1e-3);
      expect(quality).toBeLessThan(1e-5);
    },
  );
});

describe('audit', () => {
  const shape: Shape = [21, 26, 33];
  const map = blobMap(shape, 31);
  const reference = blobMap(shape, 32, 1);
  const windowSize = 14;
  const theory = Float64Array.from({ length: 8 }, (_, r) => 4000 * Math.exp(-r / 3) + 300 + 50 * (r % 2));
  const cutoffs = { voxelSize: 1.3, wilsonCutoff: 9, fscCutoff: 3.4 };
  const theoretical = { ...cutoffs, reference, nyquistCutoff: 2.7, boost: 1.5, theory };
  const differenceMask = map.map((_, i) => (i % 3 === 0 ? 1 : 0));
  const forms = {
    atomic: { form: 'atomic', reference, measure: cutoffs },
    theoretical: { form: 'theoretical', ...theoretical },
    'no-reference': { form: 'no-reference', ...cutoffs, targetBfactor: 35 },
    hybrid: { form: 'hybrid', ...theoretical, differenceMask: Uint8Array.from(differenceMask) },
  } as const;
  const voxels = Int32Array.of(10, 13, 16, 0, 0, 0, 20, 25, 32, 7, 18, 26);
  const input = { ...forms.theoretical, map, shape, windowSize, voxels };

  it.each(Object.values(forms))('agrees with the fast kernel up to the edges of a small box: $form', async (form) => {
    const task = { ...form, map, shape, windowSize, mask: raggedMask(shape, 0, 0.03, 5) };
    const found = await compareWithFast({ ...task, fill: { map: 0.07, reference: 0.03 } });
    expect(found.windows.length).toBeGreaterThan(300);
    expect(found.value).toBeLessThan(1e-5);
    expect(found.bfactor).toBeLessThan(2e-3);
    expect(found.quality).toBeLessThan(1e-5);
    if (form.form === 'hybrid') expect(new Set(found.windows.map((w) => w.form)).size).toBe(2);
  });

  it.each(['atomic', 'theoretical', 'no-reference'] as const)(
    'agrees with the fast kernel where cut-offs are the limit of the voxel size: %s',
    async (name) => {
      // The last bin, 1/(2 · 1 Å), belongs to the fits and gets no deviation (scaling.md 10.2 and 10.5).
      const measure = { voxelSize: 1, fscCutoff: 2 };
      const limit = { ...measure, wilsonCutoff: 7, nyquistCutoff: 2, measure };
      const task = { ...forms[name], ...limit, map, shape, windowSize, mask: raggedMask(shape, 7, 0.2, 6) };
      const found = await compareWithFast(task);
      expect(found.windows.length).toBeGreaterThan(300);
      expect(found.value).toBeLessThan(1e-5);
      expect(found.bfactor).toBeLessThan(2e-3);
    },
  );

  it.each(['octant', 'shell'] as const)('forms the %s profile of the definition', async (profile) => {
    const w = 6;
    const at = [9, 11, 5] as const;
    const window: number[] = [];
    eachVoxel([w, w, w], (_, z, y, x) => {
      window.push(map[voxelIndex([at[0] - 3 + z, at[1] - 3 + y, at[2] - 3 + x], shape)] ?? NaN);
    });
    const sums = new Float64Array(4);
    const counts = new Float64Array(4);
    const signed = (k: number): number => (profile === 'shell' && k > w / 2 ? k - w : k);
    eachVoxel([w, w, w], (_, kz, ky, kx) => {
      const bin = Math.floor(Math.hypot(signed(kz), signed(ky), signed(kx)));
      if (bin > 3 || (profile === 'octant' && kx > 3)) return;
      let re = 0;
      let im = 0;
      eachVoxel([w, w, w], (i, z, y, x) => {
        const phase = (2 * Math.PI * (kz * z + ky * y + kx * x)) / w;
        re += (window[i] ?? NaN) * Math.cos(phase);
        im += (window[i] ?? NaN) * Math.sin(phase);
      });
      sums[bin] = (sums[bin] ?? NaN) + Math.hypot(re, im) / w ** 1.5;
      counts[bin] = (counts[bin] ?? NaN) + 1;
    });
    const [found] = await auditWindows({
      ...{ form: 'atomic', reference, map, shape, windowSize: w, profile },
      voxels: Int32Array.from(at),
    });
    sums.forEach((sum, bin) => expect(found?.mapProfile[bin]).toBeCloseTo(sum / (counts[bin] ?? NaN), 12));
  });

  it('says where a window is 0 throughout, and fits nothing there', async () => {
    const half = reference.map((value, i) => (i % shape[2] < 16 ? 0 : value));
    const [inside, across] = await auditWindows({
      ...{ ...input, reference: half, voxels: Int32Array.of(10, 13, 8, 10, 13, 16) },
    });
    expect(inside).toMatchObject({ value: 0, emptyWindow: true, fitFailed: false });
    expect(inside?.fit).toBeUndefined();
    expect(inside?.mapProfile.every((amplitude) => amplitude > 0)).toBe(true);
    expect(across?.emptyWindow).toBe(false);
    expect(across?.value).not.toBe(0);
  });

  it('sets voxels to 0 whose fit fails, and says so', async () => {
    // Amplitudes of a constant are exactly 0 where no factor of the transform is rounded: windows of a power of two.
    const flat = { reference: new Float32Array(map.length).fill(2), fill: { map: 0, reference: 2 } };
    const constant = await auditWindows({ ...input, ...flat, windowSize: 8, theory: theory.slice(0, 5) });
    const tooFewBins = await auditWindows({ ...input, nyquistCutoff: 8 });
    for (const window of [...constant, ...tooFewBins]) {
      expect(window).toMatchObject({ value: 0, fitFailed: true, emptyWindow: false });
      expect(window.fit ?? window.theory ?? window.exponentialFit).toBeUndefined();
      expect(window.scaleFactors.every((factor) => factor === 0)).toBe(true);
    }
    // The atomic form fits for information only.
    const atomic = await auditWindows({ ...input, ...forms.atomic, measure: { voxelSize: 1.3, fscCutoff: 9.5 } });
    expect(atomic.every((window) => window.fitFailed && window.value !== 0)).toBe(true);
  });

  it('the smooth factor changes the merged profile alone', async () => {
    const [soft, hard] = [await auditWindows(input), await auditWindows({ ...input, smoothFactor: 5 })];
    const others = (windows: readonly AuditedWindow[]) =>
      windows.map(({ theory, ...rest }) => ({ ...rest, scaledTheory: theory?.scaledTheory }));
    expect(others(soft)).toEqual(others(hard));
    expect(soft[0]?.theory?.mergedProfile).not.toEqual(hard[0]?.theory?.mergedProfile);
  });

  it('is the same bit for bit on any number of threads, and reports progress', async () => {
    const many = { ...input, voxels: maskedVoxels(raggedMask(shape, 0, 0.05, 9), shape) };
    let last = 0;
    const one = await auditWindows(many, { threads: 1, onProgress: (fraction) => (last = fraction) });
    expect(last).toBe(1);
    expect(await auditWindows(many, { threads: 3 })).toEqual(one);
    expect(await auditWindows({ ...many, voxels: new Int32Array() })).toEqual([]);
  });

  it('stops when it is aborted', async () => {
    const abort = new AbortController();
    const edge = 128;
    const large = randomMap(edge ** 3, 1);
    const task = { form: 'atomic', map: large, reference: large, shape: [edge, edge, edge], windowSize: 64 } as const;
    const started = performance.now();
    const running = auditWindows({ ...task, voxels: new Int32Array(3 * 20_000).fill(64) }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(running).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each([
    ['an odd window', { windowSize: 7 }, /window is 7 voxels/],
    ['a voxel outside the box', { voxels: Int32Array.of(1, 2, 33) }, /Coordinate 33 of voxel 0 lies outside/],
    ['half a voxel', { voxels: Int32Array.of(1, 2) }, /2 numbers; expected three/],
    ['a negative smooth factor', { smoothFactor: -1 }, /smoothFactor is -1/],
    ['a map of another size', { map: map.slice(1) }, /map holds/],
  ])('refuses %s', async (_, change, message) => {
    const refused = auditWindows({ ...input, ...change });
    await expect(refused).rejects.toMatchObject({ kind: 'input.parameter' });
    await expect(refused).rejects.toThrow(message);
  });
});
