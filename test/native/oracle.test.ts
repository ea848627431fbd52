import { describe, expect, it } from 'vitest';
import { combineHalfMaps, type Shape } from '@locscale/native';
import { maskVoxels, meanOutside, scaleWindowsOracle, timeWindowMethod } from '@locscale/native/oracle';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomMap,
  voxelIndex,
  type GoldenManifest,
} from './helpers.js';

const goldenFullMap = (): Promise<Float32Array> =>
  combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));

/** The oracle, which is the kernel behind audits, judges the fast kernel, so it has to be right itself: here it is held against LocScale's own output. */
describe.skipIf(goldenMissing)(`oracle against LocScale 2.3.1 (${goldenReason})`, () => {
  const manifest = (): GoldenManifest => goldenManifest();

  /** Compares every `step`-th scaled voxel; the loop over windows takes a fifth of a millisecond for each. */
  async function checkMap(maskName: string, outputName: string, step: number): Promise<void> {
    const golden = manifest();
    const windowSize = golden.numbers.window;
    const map = await goldenFullMap();
    const reference = goldenMap('model_map.mrc.gz');
    const mask = goldenMap(maskName);
    const dropped = new Set(golden.mask_voxels_dropped_at_edge_zyx.map((zyx) => voxelIndex(zyx, goldenShape)));
    const output = goldenMap(outputName);
    // The main run did not pad; there, and only there, LocScale loses the voxels listed in the manifest.
    const all = maskVoxels(mask).filter((voxel) => output[voxel] !== 0 || !dropped.has(voxel));
    expect(all.length).toBe(output.filter((value) => value !== 0).length);
    const voxels = all.filter((_, i) => i % step === 0);
    const fill = { map: meanOutside(mask, map), reference: meanOutside(mask, reference) };
    const { values } = await scaleWindowsOracle({ map, reference, shape: goldenShape, windowSize, voxels, fill });

    const expected = Float64Array.from(voxels, (voxel) => output[voxel] ?? NaN);
    const sd = Math.sqrt(expected.reduce((sum, value) => sum + value ** 2, 0) / expected.length);
    const error = largestDifference(values, expected) / sd;
    expect(error).toBeLessThan(1e-6);
  }

  it('reproduces the map of the main run', () => checkMap('mask.mrc.gz', 'locscale_atomic.mrc.gz', 3));

  it('reproduces the map of a mask at the edge of the box, where windows read the padding', () =>
    checkMap('mask_edge.mrc.gz', 'locscale_edge_atomic.mrc.gz', 1));

  it('pads with the values that LocScale pads with', async () => {
    const mask = goldenMap('mask_edge.mrc.gz');
    const mode = manifest().modes['edge_atomic'];
    expect(meanOutside(mask, await goldenFullMap())).toBeCloseTo(mode?.padding_value_emmap ?? NaN, 6);
    expect(meanOutside(mask, goldenMap('model_map.mrc.gz'))).toBeCloseTo(mode?.padding_value_modmap ?? NaN, 6);
  });

  it('finds the profiles and scale factors of the probe voxels', async () => {
    const mode = manifest().modes['slab_atomic'];
    if (mode === undefined) throw new Error('no mode slab_atomic in the manifest');
    const voxels = Uint32Array.from(mode.probes, (probe) => voxelIndex(probe.center_zyx_in_padded_box, goldenShape));
    const result = await scaleWindowsOracle({
      map: await goldenFullMap(),
      reference: goldenMap('model_map.mrc.gz'),
      shape: goldenShape,
      windowSize: mode.window,
      voxels,
    });
    const bins = mode.window / 2 + 1;
    expect(mode.probes.length).toBeGreaterThan(5);
    mode.probes.forEach((probe, i) => {
      const row = (table: Float64Array): Float64Array => table.subarray(i * bins, (i + 1) * bins);
      const ratio = (seen: Float64Array, expected: readonly number[]): Float64Array =>
        seen.map((value, r) => value / (expected[r] ?? NaN));
      const ones = new Float64Array(bins).fill(1);
      expect(largestDifference(ratio(row(result.mapProfiles), probe.em_profile), ones)).toBeLessThan(1e-6);
      expect(largestDifference(ratio(row(result.referenceProfiles), probe.ref_profile), ones)).toBeLessThan(1e-6);
      expect(largestDifference(ratio(row(result.scaleFactors), probe.scale_factors), ones)).toBeLessThan(1e-6);
      expect((result.values[i] ?? NaN) / probe.value).toBeCloseTo(1, 6);
    });
  });
});

describe('oracle', () => {
  const shape: Shape = [14, 17, 20];
  const count = 14 * 17 * 20;
  const map = randomMap(count, 21);
  const reference = randomMap(count, 22);
  const everyVoxel = Uint32Array.from({ length: count }, (_, i) => i);

  it('returns the map where the reference is the map itself', async () => {
    const { values } = await scaleWindowsOracle({ map, reference: map, shape, windowSize: 8, voxels: everyVoxel });
    expect(largestDifference(values, map)).toBeLessThan(1e-13);
  });

  it('doubles the map where the reference is twice the map', async () => {
    const twice = map.map((value) => 2 * value);
    const { values } = await scaleWindowsOracle({ map, reference: twice, shape, windowSize: 6, voxels: everyVoxel });
    expect(largestDifference(values, twice)).toBeLessThan(1e-13);
  });

  it('gives 0 where the map is exactly 0 in the whole window', async () => {
    const half = map.map((value, i) => (i % 20 < 10 ? value : 0));
    const inside = everyVoxel.filter((i) => i % 20 >= 14 && i % 20 < 17);
    const { values } = await scaleWindowsOracle({ map: half, reference, shape, windowSize: 6, voxels: inside });
    expect(values.every((value) => value === 0)).toBe(true);
  });

  it('is matched by its single-precision clock, windows at the edge included', async () => {
    for (const windowSize of [6, 8, 10, 12]) {
      const task = { map, reference, shape, windowSize, voxels: everyVoxel, fill: { map: 0.25, reference: -0.5 } };
      const [exact, timed] = [await scaleWindowsOracle(task), await timeWindowMethod(task)];
      expect(timed.seconds).toBeGreaterThan(0);
      expect(largestDifference(timed.values, exact.values), `window ${windowSize}`).toBeLessThan(2e-5);
    }
  });

  it('refuses odd windows and voxels outside the box', async () => {
    const task = { map, reference, shape, windowSize: 7, voxels: everyVoxel };
    await expect(scaleWindowsOracle(task)).rejects.toThrow(/window is 7 voxels/);
    await expect(scaleWindowsOracle({ ...task, windowSize: 8, voxels: Uint32Array.of(count) })).rejects.toThrow(/box/);
  });
});
