import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenCutoffs, goldenFile, goldenMissing, largestDifference, voxelsOf, worstDifference } from './golden.js';
import { Workplace } from './locscale.js';

describe.skipIf(goldenMissing)('forms of scaling against LocScale 2.3.1 (need ../shared/golden)', () => {
  let workplace: Workplace;
  beforeAll(async () => {
    workplace = await Workplace.create();
  });
  afterAll(() => workplace.close());

  const halves = ['-hm', goldenFile('half1'), goldenFile('half2')];
  const reference = ['-mm', goldenFile('model_map')];
  const difference = ['--difference_mask', goldenFile('difference_mask')];
  const routes = [
    ['through the daemon', []],
    ['in process', ['--no-daemon']],
  ] as const;
  const modes = [
    ['slab_atomic_measured_b', [...reference, '--measure_bfactors']],
    ['slab_theoretical', [...reference, '--form', 'theoretical']],
    ['slab_theoretical_boost1', [...reference, '--form', 'theoretical', '--boost_secondary_structure', '1']],
    ['slab_no_reference', ['--no_reference']],
    ['slab_no_reference_b0', ['--no_reference', '--set_local_bfactor', '0']],
    ['slab_hybrid', [...reference, '--form', 'hybrid', ...difference]],
    ['edge_theoretical', [...reference, '--form', 'theoretical']],
  ] as const;

  it.each(routes.flatMap(([way, route]) => modes.map(([mode, options]) => [mode, way, options, route] as const)))(
    '%s %s: map, B-factors and fits',
    async (mode, _, options, route) => {
      const { wilson, fsc } = goldenCutoffs(mode);
      const maskFile = goldenFile(mode.startsWith('edge') ? 'mask_edge' : 'mask_slab');
      const cutoffs = ['--wilson_cutoff', String(wilson), '--ref_resolution', String(fsc)];
      const args = [...halves, ...options, '-ma', maskFile, ...cutoffs, '-o', 'out.mrc', ...route];
      const { code, error } = await workplace.run(...args);
      expect(code, error).toBe(0);
      const mask = await voxelsOf(maskFile);
      const inMask = [...mask.keys()].filter((i) => (mask[i] ?? 0) >= 0.5);
      expect(inMask.length).toBeGreaterThan(1000);
      const ours = await voxelsOf(workplace.path('out.mrc'));
      expect(worstDifference(await voxelsOf(goldenFile(`locscale_${mode}`)), ours, inMask)).toBeLessThan(1e-5);
      // Where LocScale measures nothing it writes the constants 99 and 0.99; here those voxels hold 0.
      const bfactors = await voxelsOf(goldenFile(`bfactor_${mode}`));
      const fitted = inMask.filter((i) => bfactors[i] !== 99);
      expect(fitted.length).toBeGreaterThan(900);
      const found = await voxelsOf(workplace.path('out_bfactor.mrc'));
      const qualities = await voxelsOf(workplace.path('out_qfit.mrc'));
      // Å² and parts of 1: what profiles in single precision leave; LocScale's are in double precision.
      expect(largestDifference(bfactors, found, fitted)).toBeLessThan(3e-4);
      expect(largestDifference(await voxelsOf(goldenFile(`qfit_${mode}`)), qualities, fitted)).toBeLessThan(3e-6);
      expect(inMask.every((i) => bfactors[i] !== 99 || (found[i] === 0 && qualities[i] === 0))).toBe(true);
    },
  );

  const differing = async (name: string, expected: string): Promise<number> => {
    const [ours, theirs] = [await voxelsOf(workplace.path(name)), await voxelsOf(goldenFile(expected))];
    return theirs.filter((value, i) => value !== ours[i]).length;
  };

  it.each(routes)('finds LocScale’s mask and cut-offs itself with --compat, %s', async (_, route) => {
    const args = [...halves, '--no_reference', '--compat', 'locscale-2.3', '-o', 'own.mrc', ...route];
    const { code, error } = await workplace.run(...args);
    expect(code, error).toBe(0);
    expect(await differing('own_mask.mrc', 'fdr_mask_nofilter')).toBe(0);
    const record = JSON.parse(readFileSync(workplace.path('own.locscale.json'), 'utf8')) as Record<string, unknown>;
    // The manifest's `fdr.nofilter` and `fsc`; LocScale read a voxel size of 1.20000005 Å.
    expect(record['resolution']).toBe(3.6);
    expect(record['wilsonCutoff']).toBeCloseTo(7.781297813791908, 6);
    expect(record['confidenceMask']).toMatchObject({ maskedVoxels: 27_008, ballVoxels: 448_680 });
  });

  it('finds the mask of the filtered map with -fdr_f, and the Wilson cut-off of a given mask', async () => {
    const options = [...reference, '--form', 'theoretical', '-fdr_f', '5', '-o', 'filtered.mrc', '--no-daemon'];
    expect((await workplace.run(...halves, ...options)).code).toBe(0);
    expect(await differing('filtered_mask.mrc', 'fdr_mask_filter5')).toBe(0);
    const given = [...reference, '--form', 'theoretical', '-ma', goldenFile('mask'), '-o', 'given.mrc', '--no-daemon'];
    expect((await workplace.run(...halves, ...given)).code).toBe(0);
    const record = JSON.parse(readFileSync(workplace.path('given.locscale.json'), 'utf8')) as Record<string, unknown>;
    expect(record['wilsonCutoff']).toBeCloseTo(7.9308412260558, 6);
  });
});
