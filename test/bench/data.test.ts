import { radialProfile } from '@locscale/native';
import { expect, it } from 'vitest';
import { largestVoxels, maskShape, sampleVoxels, valueOfRank } from '../../bench/data/masks.js';
import { seededRandom } from '../../bench/data/random.js';
import { syntheticMaps } from '../../bench/data/synthetic-maps.js';

it('random numbers repeat for a seed, and are normal', () => {
  const [a, b, other] = [seededRandom(1), seededRandom(1), seededRandom(2)];
  const numbers = Array.from({ length: 20_000 }, () => a.normal());
  expect(numbers.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => b.normal()));
  expect(other.normal()).not.toBe(numbers[0]);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});

it('masks hold the largest voxels, away from the faces of the box', () => {
  const random = seededRandom(3);
  const values = Float32Array.from({ length: 20 ** 3 }, () => random.uniform());
  const sorted = [...values].sort((x, y) => y - x);
  expect(valueOfRank(values, 100, 0)).toBe(sorted[99]);
  const mask = largestVoxels(values, 20, 500, 4);
  expect(maskShape(mask, 20).voxels).toBe(500);
  const inside = (i: number): boolean =>
    [i % 20, Math.floor(i / 20) % 20, Math.floor(i / 400)].every((c) => c >= 4 && c < 16);
  const kept = [...mask.keys()].filter((i) => mask[i] === 1);
  expect(kept.every(inside)).toBe(true);
  const lowest = Math.min(...kept.map((i) => values[i] ?? 0));
  expect(values.filter((value, i) => inside(i) && value > lowest).length).toBe(499);
  const sample = sampleVoxels(mask, 50);
  expect(sample.length).toBe(50);
  expect([...sample].every((i) => mask[i] === 1)).toBe(true);
});

it('runs are counted row by row', () => {
  const mask = new Uint8Array(64);
  mask.set([1, 1, 0, 1, 1], 0);
  expect(maskShape(mask, 4)).toEqual({ voxels: 4, meanRun: 4 / 3 });
});

it('synthetic maps have masks of the size asked for, and the map is blunter than the reference', async () => {
  const { map, reference, shape, compact, ragged, edge } = await syntheticMaps(96, 30_000);
  for (const mask of [compact, ragged]) expect(maskShape(mask, edge).voxels).toBe(30_000);
  expect(ragged).not.toEqual(compact);
  const fall = async (voxels: Float32Array): Promise<number> => {
    const profile = await radialProfile(voxels, shape);
    return (profile[4] ?? 0) / (profile[24] ?? 1);
  };
  expect(await fall(map)).toBeGreaterThan(1.2 * (await fall(reference)));
});
