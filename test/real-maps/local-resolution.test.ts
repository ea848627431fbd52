import { describe, expect, it } from 'vitest';
import { Runner } from '../../daemon/src/engine/runner.js';
import { localResolution } from '../../daemon/src/engine/steps/local-resolution.js';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { errorsOf } from '../../bench/local-resolution/accuracy.js';
import { simulate } from '../../bench/local-resolution/simulation.js';
import { seededRandom } from '../../bench/data/random.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';

describe('local resolution on simulated half maps of known local FSC', () => {
  it('follows a band limit that changes from place to place', async () => {
    const simulated = await simulate(96, 'wave');
    const truth = simulated.truth(0.5);
    expect(Math.min(...truth)).toBeCloseTo(3.2, 2);
    expect(Math.max(...truth)).toBeCloseTo(6.4, 2);
    // Windows of 36 Å in a box of 115 Å see much of the slope: the middle of the distribution is what can be asked for.
    for (const threshold of [0.143, 0.5]) {
      const { median, high, voxels } = await errorsOf(simulated, 'wave', threshold, 30);
      expect(voxels).toBeGreaterThan(25_000);
      expect(Math.abs(median)).toBeLessThan(0.06);
      expect(high).toBeLessThan(0.06);
    }
  });
});

/** There are no half maps of this set: two are made of the map and noise, of twice the solvent's standard deviation, of each half's own. */
describe.skipIf(!hasMaps)('local resolution of beta-galactosidase (needs ../shared/data/maps)', () => {
  it('goes up and down with the published one', async () => {
    const folder = `${mapsFolder}/08_betagal_with_local_resolution`;
    const map = await readVolume(`${folder}/betagal.mrc.gz`);
    const published = (await readVolume(`${folder}/betagal_local_resolution.mrc.gz`)).voxels;
    const random = seededRandom(1);
    const half = (): Float32Array => map.voxels.map((value) => value + 0.006 * random.normal());
    const [half1, half2] = [half(), half()];
    // Outside its own mask the published map holds one value.
    const outside = published[0] as number;
    const mask = Uint8Array.from(published, (value) => (Math.abs(value - outside) > 1e-4 ? 1 : 0));
    const request = { half1, half2, grid: map.grid, mask, windowSize: 20, threshold: 0.5, smoothing: undefined };
    const { resolution, emptyWindows } = await new Runner({}, {}).run(localResolution, request, 'measuring');
    expect(emptyWindows).toBe(0);
    const inside = Array.from(mask.keys()).filter((i) => mask[i] === 1);
    expect(inside.length).toBe(20_256);
    const [own, theirs] = [inside.map((i) => resolution[i] as number), inside.map((i) => published[i] as number)];
    const differences = own.map((value, i) => value - (theirs[i] as number)).sort((a, b) => a - b);
    expect(Math.abs(differences[differences.length >> 1] as number)).toBeLessThan(0.3);
    expect(correlation(own, theirs)).toBeGreaterThan(0.45);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = mean(a.map((value, i) => (value - ma) * ((b[i] as number) - mb)));
  const variance = (values: readonly number[], m: number): number => mean(values.map((value) => (value - m) ** 2));
  return product / Math.sqrt(variance(a, ma) * variance(b, mb));
}
