import { beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '@chimerax-like/rpc';
import { combineHalfMaps } from '@locscale/native';
import { noPieces, type StepContext } from '../../daemon/src/engine/context.js';
import { type MapStatistics, mapStatistics } from '../../daemon/src/engine/steps/map-statistics.js';
import { goldenManifest, goldenMap, goldenMissing, goldenReason } from '../native/helpers.js';

const context: StepContext = {
  signal: new AbortController().signal,
  report: () => undefined,
  warn: () => undefined,
  slab: () => undefined,
  pieces: noPieces,
};

const edge = 96;
const grid: Grid = { shape: [edge, edge, edge], voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] };

describe.skipIf(goldenMissing)(`statistics of LocScale's own maps (${goldenReason})`, () => {
  let full: MapStatistics, sharpened: MapStatistics;
  const known = (name: string): number => Number((goldenManifest().numbers as Readonly<Record<string, unknown>>)[name]);
  beforeAll(async () => {
    const map = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const [mask, reference] = [goldenMap('mask.mrc.gz'), goldenMap('model_map.mrc.gz')];
    const measure = (voxels: Float32Array): Promise<MapStatistics> =>
      Promise.resolve(mapStatistics.run({ map: voxels, grid, mask, reference, resolution: 3.6, seed: 0 }, context));
    full = await measure(map);
    sharpened = await measure(goldenMap('locscale_atomic.mrc.gz'));
  });

  // LocScale sums float32 arrays in float32; its own numbers carry that error, a few 1e-7 to 2e-6.
  it.each([
    ['kurtosis_full', () => full.moments.kurtosis],
    ['kurtosis_locscale', () => sharpened.moments.kurtosis],
    ['kurtosis_full_masked', () => full.momentsInMask?.kurtosis],
    ['skew_full', () => full.moments.skewness],
    ['rscc_model_vs_full', () => full.similarity?.correlation],
    ['rscc_full_vs_model_inside_mask', () => full.similarity?.correlationInMask],
    ['rscc_locscale_vs_model_inside_mask', () => sharpened.similarity?.correlationInMask],
  ])('%s', (name, found) => {
    expect(Math.abs((found() ?? NaN) / known(name) - 1)).toBeLessThan(3e-6);
  });

  it.each([
    ['fsc_mean_masked_full_vs_model', () => full.similarity?.meanFsc],
    ['fsc_mean_masked_locscale_vs_model', () => sharpened.similarity?.meanFsc],
  ])('%s', (name, found) => {
    expect(found()).toBeCloseTo(known(name), 12);
  });

  it('sharpening shows: more surface, and a likeness that grows', () => {
    expect(sharpened.contour?.area).toBeGreaterThan(full.contour?.area ?? NaN);
    expect(sharpened.similarity?.correlationInMask).toBeGreaterThan(full.similarity?.correlationInMask ?? NaN);
  });
});
