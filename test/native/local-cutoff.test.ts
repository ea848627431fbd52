import { describe, expect, it } from 'vitest';
import { scaleWindows, type Shape } from '@locscale/native';
import { scaleWindowsOracle } from '@locscale/native/oracle';
import { voxelIndex } from './helpers.js';
import { ballMask, blobMap } from './scaling-cases.js';

const shape: Shape = [26, 24, 28];
const count = 26 * 24 * 28;
const windowSize = 8;
const voxelSize = 1.5;
const map = blobMap(shape, 1);
const reference = blobMap(shape, 2, 1);
const input = { map, reference, mask: ballMask(shape, 7), shape, windowSize, form: 'atomic' } as const;

/** Share of a bin that is kept where the local resolution ends at `end` bins. */
const share = (bin: number, end: number): number => (bin === 0 ? 1 : Math.min(1, Math.max(0, end + 0.5 - bin)));

/** The window around a voxel filtered with a gain of |k| that is linear between bins, at its centre: the definition as a sum. */
function centreOf([z, y, x]: readonly [number, number, number], gains: readonly number[]): number {
  const [w, h] = [windowSize, windowSize / 2];
  const gainAt = (k: number): number => {
    const low = Math.min(Math.floor(k), h);
    const [a, b] = [gains[low] ?? NaN, gains[Math.min(low + 1, h)] ?? NaN];
    return a + Math.min(k - low, 1) * (b - a);
  };
  const axis = Array.from({ length: w }, (_, i) => i - h);
  let sum = 0;
  for (const kz of axis)
    for (const ky of axis)
      for (const kx of axis) {
        const gain = gainAt(Math.hypot(kz, ky, kx));
        for (const ez of axis)
          for (const ey of axis)
            for (const ex of axis) {
              const value = map[voxelIndex([z + ez, y + ey, x + ex], shape)] ?? NaN;
              sum += gain * value * Math.cos((2 * Math.PI * (kz * ez + ky * ey + kx * ex)) / w);
            }
      }
  return sum / w ** 3;
}

describe('scaling up to the local resolution', () => {
  it('takes factors away beyond it, voxel by voxel', async () => {
    const ends = [1.2, 2, 2.7, 3.5, 9];
    const resolution = Float32Array.from({ length: count }, (_, i) => (windowSize * voxelSize) / (ends[i % 5] ?? NaN));
    const { scaled } = await scaleWindows({ ...input, cutoff: { resolution, voxelSize } });
    const voxels = [
      [13, 12, 12],
      [13, 12, 13],
      [13, 12, 14],
      [13, 12, 15],
      [13, 12, 16],
      [9, 12, 14],
    ] as const;
    const indices = voxels.map((voxel) => voxelIndex(voxel, shape));
    expect(new Set(indices.map((i) => i % 5)).size).toBe(5);
    const { scaleFactors } = await scaleWindowsOracle({ ...input, voxels: Uint32Array.from(indices) });
    voxels.forEach((voxel, n) => {
      const i = indices[n] ?? NaN;
      const bins = Array.from({ length: windowSize / 2 + 1 }, (_, bin) => bin);
      const gains = bins.map((bin) => (scaleFactors[n * bins.length + bin] ?? NaN) * share(bin, ends[i % 5] ?? NaN));
      expect(scaled[i]).toBeCloseTo(centreOf(voxel, gains), 5);
    });
  });

  it('changes nothing where there is none, or where it is beyond the window', async () => {
    const { scaled } = await scaleWindows(input);
    for (const value of [0, 1]) {
      const resolution = new Float32Array(count).fill(value);
      expect((await scaleWindows({ ...input, cutoff: { resolution, voxelSize } })).scaled).toEqual(scaled);
    }
  });

  it.each([
    ['of another size', new Float32Array(3), 'input.parameter', /local resolution holds 3 voxels/],
    ['that is not a number', new Float32Array(count).fill(NaN), 'input.voxels', /holds NaN/],
    ['below 0', new Float32Array(count).fill(-4), 'input.voxels', /holds -4/],
  ])('refuses a local resolution %s', async (_, resolution, kind, message) => {
    const refused = scaleWindows({ ...input, cutoff: { resolution, voxelSize } });
    await expect(refused).rejects.toMatchObject({ kind });
    await expect(refused).rejects.toThrow(message);
  });
});
