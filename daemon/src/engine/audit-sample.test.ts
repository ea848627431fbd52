import { describe, expect, it } from 'vitest';
import { auditLimit, auditSample } from './audit-sample.js';

const shape: [number, number, number] = [30, 41, 53];
const mask = Uint8Array.from({ length: 30 * 41 * 53 }, (_, i) => (i % 7 < 3 ? 1 : 0));
const { signal } = new AbortController();
const draw = (seed: number, share = 0.01, most = 10_000): Promise<Int32Array> =>
  auditSample(mask, shape, { share, seed, most }, signal);
const indices = (voxels: Int32Array): readonly number[] =>
  Array.from({ length: voxels.length / 3 }, (_, i) => {
    const [z = NaN, y = NaN, x = NaN] = voxels.subarray(3 * i, 3 * i + 3);
    return (z * shape[1] + y) * shape[2] + x;
  });

describe('auditSample', () => {
  it('draws the share of the mask, each voxel once, in C order', async () => {
    const drawn = indices(await draw(1));
    const masked = mask.filter((v) => v === 1).length;
    expect(drawn.length).toBe(Math.round(masked / 100));
    expect(drawn.every((i) => mask[i] === 1)).toBe(true);
    expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
  });

  it('is decided by the seed', async () => {
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(6)).not.toEqual(await draw(5));
  });

  it('draws from the whole mask alike', async () => {
    const tenths = new Float64Array(10);
    for (let seed = 0; seed < 40; seed++)
      for (const i of indices(await draw(seed))) {
        const tenth = Math.floor((10 * i) / mask.length);
        tenths[tenth] = (tenths[tenth] ?? NaN) + 1;
      }
    const all = tenths.reduce((a, b) => a + b, 0);
    // 1100 a tenth: 15 % are five standard deviations.
    for (const count of tenths) expect(Math.abs(count / all - 0.1)).toBeLessThan(0.015);
  });

  it('takes at least one voxel, at most the limit, and none of an empty mask', async () => {
    expect(indices(await draw(1, 1e-9)).length).toBe(1);
    expect(indices(await draw(1, 0.5, 17)).length).toBe(17);
    expect(indices(await draw(1, 1, 1e6)).length).toBe(mask.filter((v) => v === 1).length);
    const empty = new Uint8Array(mask.length);
    expect(await auditSample(empty, shape, { share: 0.01, seed: 1, most: 100 }, signal)).toEqual(new Int32Array());
  });

  it('stops when it is cancelled', async () => {
    const cancelled = auditSample(mask, shape, { share: 0.01, seed: 1, most: 10 }, AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ kind: 'job.cancelled' });
  });
});

it('auditLimit keeps the number of transformed voxels bounded', () => {
  expect(auditLimit(20)).toBe(10_000);
  expect(auditLimit(26)).toBe(10_000);
  expect(auditLimit(48)).toBe(Math.floor(200_000_000 / 48 ** 3));
  expect(auditLimit(1000)).toBe(20);
});
