import { afterEach, describe, expect, it } from 'vitest';
import {
  localResolution,
  lowestResolution,
  nativeInfo,
  restrictSimd,
  type LocalResolutionInput,
  type Shape,
} from '@locscale/native';
import { localFscOracle, maskVoxels } from '@locscale/native/oracle';
import { largestDifference, randomMap, voxelIndex } from './helpers.js';
import { ballMask, blobMap, eachVoxel, raggedMask } from './scaling-cases.js';

const count = ([z, y, x]: Shape): number => z * y * x;

/** Two half maps: blobs of unlike width under noise of their own, on a level of their own. */
function halves(shape: Shape, seed: number, noise = 0.1): Pick<LocalResolutionInput, 'half1' | 'half2'> {
  const signal = blobMap(shape, seed, 1.2, 0);
  const under = (level: number, other: number): Float32Array => {
    const own = randomMap(signal.length, seed + other);
    return signal.map((value, i) => value + level + noise * (own[i] ?? NaN));
  };
  return { half1: under(3, 100), half2: under(-1, 200) };
}

interface Difference {
  readonly curve: number;
  readonly resolution: number;
  readonly compared: number;
}

/** Largest difference of FSC values, and of resolutions relative to them, from the loop over windows. */
async function compare(input: LocalResolutionInput, step = 1): Promise<Difference> {
  const { resolution, curves } = await localResolution(input, { curves: true });
  const inside = maskVoxels(Float32Array.from(input.mask));
  const orders = Array.from(inside.keys()).filter((order) => order % step === 0);
  const voxels = Uint32Array.from(orders, (order) => inside[order] ?? NaN);
  const expected = await localFscOracle({ ...input, voxels });
  const shells = input.windowSize / 2;
  const seen = Float64Array.from(expected.curves, (_, i) => {
    const order = orders[Math.floor(i / shells)] ?? NaN;
    return curves?.[order * shells + (i % shells)] ?? NaN;
  });
  const ratio = Float64Array.from(voxels, (voxel, i) => (resolution[voxel] ?? NaN) / (expected.resolution[i] ?? NaN));
  return {
    curve: largestDifference(seen, expected.curves),
    resolution: largestDifference(ratio, ratio.map(() => 1)), // prettier-ignore
    compared: voxels.length,
  };
}

describe('local resolution against the loop over windows in double precision', () => {
  afterEach(() => restrictSimd(''));
  const common = { voxelSize: 1.3, threshold: 0.143 };

  it.each([8, 10, 12, 14, 16, 20, 22, 26, 30, 32, 40])(
    'window of %i voxels, odd box, voxels at all faces',
    async (w) => {
      const shape: Shape = [w + 3, Math.max(w, 41), w + 8];
      const mask = raggedMask(shape, 0, 0.05, w);
      mask.set([1, 1, 1]);
      mask.fill(1, mask.length - 3);
      const found = await compare({ ...halves(shape, w), mask, shape, windowSize: w, ...common }, Math.ceil(w / 8));
      expect(found.compared).toBeGreaterThan(100);
      expect(found.curve).toBeLessThan(5e-5);
      expect(found.resolution).toBeLessThan(5e-4);
    },
  );

  it('a box of one window: every voxel gets the one that fits', async () => {
    const shape: Shape = [12, 12, 12];
    const mask = new Uint8Array(count(shape)).fill(1);
    const input = { ...halves(shape, 3), mask, shape, windowSize: 12, ...common };
    const found = await compare(input, 5);
    expect(found.curve).toBeLessThan(5e-5);
    expect(new Set((await localResolution(input)).resolution).size).toBe(1);
  });

  it.each(nativeInfo().targets)('agrees on %s, at both thresholds', async (target) => {
    expect(restrictSimd(target)).toBe(true);
    const shape: Shape = [34, 130, 29];
    const input = { ...halves(shape, 5), mask: ballMask(shape, 12), shape, windowSize: 18, ...common };
    for (const threshold of [0.143, 0.5]) {
      const found = await compare({ ...input, threshold }, 11);
      expect(found.curve).toBeLessThan(5e-5);
      expect(found.resolution).toBeLessThan(5e-4);
    }
  });
});

describe('local resolution', () => {
  const shape: Shape = [44, 39, 47];
  const common = { shape, windowSize: 16, voxelSize: 1.3, threshold: 0.143 };
  const mask = ballMask(shape, 13);
  const input: LocalResolutionInput = { ...common, ...halves(shape, 1), mask };

  it('is the same bit for bit on any number of threads, and 0 outside the mask only', async () => {
    const [one, two, five] = await Promise.all([1, 2, 5].map((threads) => localResolution(input, { threads })));
    expect(two?.resolution).toEqual(one?.resolution);
    expect(five?.resolution).toEqual(one?.resolution);
    one?.resolution.forEach((value, i) => {
      expect(value === 0).toBe(mask[i] === 0);
      if (value !== 0) expect(value).toBeGreaterThanOrEqual(Math.fround(2.6));
      expect(value).toBeLessThanOrEqual(lowestResolution(16, 1.3));
    });
  });

  it('does not change when axes are exchanged or turned round', async () => {
    const edge = 35;
    const cube: Shape = [edge, edge, edge];
    const { half1, half2 } = halves(cube, 4);
    const ball = ballMask(cube, 7, [17, 17, 17]);
    const { resolution } = await localResolution({ ...input, half1, half2, mask: ball, shape: cube });
    const at = (z: number, y: number, x: number): number => voxelIndex([z, y, x], cube);
    for (const from of [
      (z: number, y: number, x: number) => at(x, z, y),
      (z: number, y: number, x: number) => at(z, edge - 1 - y, edge - 1 - x),
    ]) {
      const moved = (a: Float32Array): Float32Array => {
        const out = new Float32Array(a.length);
        eachVoxel(cube, (i, z, y, x) => (out[i] = a[from(z, y, x)] ?? NaN));
        return out;
      };
      const turned = await localResolution({
        ...input,
        half1: moved(half1),
        half2: moved(half2),
        mask: Uint8Array.from(moved(Float32Array.from(ball))),
        shape: cube,
      });
      expect(largestDifference(turned.resolution, moved(resolution))).toBeLessThan(2e-3);
    }
  });

  it('does not depend on the level and the unit of the half maps', async () => {
    const { resolution } = await localResolution(input);
    for (const [unit, level] of [
      [2 ** 70, 0],
      [2 ** -70, 0],
      [-8, 40],
    ] as const) {
      const moved = await localResolution({
        ...input,
        half1: input.half1.map((value) => value * unit + level),
        half2: input.half2.map((value) => value * Math.sign(unit)),
      });
      // Adding a level costs the float32 values some of their last digits.
      expect(largestDifference(moved.resolution, resolution)).toBeLessThan(level === 0 ? 1e-9 : 2e-2);
    }
  });

  it('tells equal halves, unlike halves and empty windows apart', async () => {
    const voxels = mask.reduce((sum, value) => sum + value, 0);
    const same = await localResolution({ ...input, half2: input.half1 });
    expect(same).toMatchObject({ voxels, beyondNyquist: voxels, unresolved: 0, emptyWindows: 0 });
    expect(same.resolution.every((value, i) => value === (mask[i] === 1 ? Math.fround(2.6) : 0))).toBe(true);
    const unlike = await localResolution({
      ...input,
      half2: input.half1.map((value) => -value),
    });
    expect(unlike).toMatchObject({ unresolved: voxels, beyondNyquist: 0 });
    expect(Math.max(...unlike.resolution)).toBeCloseTo(lowestResolution(16, 1.3), 5);
  });

  it('leaves 0 where a half map is exactly 0 in the whole window, after a slide through signal', async () => {
    const section = shape[1] * shape[2];
    const [from, h] = [20, 8];
    const cut = (map: Float32Array): Float32Array =>
      map.map((value, i) => (Math.floor(i / section) >= from ? 0 : value));
    const all = new Uint8Array(count(shape)).fill(1);
    const { resolution, emptyWindows } = await localResolution({ ...input, half1: cut(input.half1), mask: all });
    // The taper is 0 at the first row of a window, so section from + h - 1 sees nothing either.
    expect(emptyWindows).toBe((shape[0] - from - h + 1) * section);
    expect(resolution.every((value, i) => (value === 0) === Math.floor(i / section) >= from + h - 1)).toBe(true);
    expect(resolution.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('finds the band of a map that is sharp on one side and blurred on the other', async () => {
    const box: Shape = [32, 32, 96];
    const signal = randomMap(count(box), 7);
    const blurred = signal.slice();
    for (const stride of [1, 96, 96 * 32])
      for (let pass = 0; pass < 4; pass++)
        for (let i = stride; i < blurred.length; i++) blurred[i] = ((blurred[i] ?? 0) + (blurred[i - stride] ?? 0)) / 2;
    const own = (seed: number): Float32Array => {
      const noise = randomMap(count(box), seed);
      return signal.map((value, i) => (i % 96 < 48 ? value : (blurred[i] ?? 0) * 3) + 0.5 * (noise[i] ?? 0));
    };
    const input2 = { ...common, half1: own(8), half2: own(9), shape: box, windowSize: 20, voxelSize: 1 };
    const { resolution } = await localResolution({ ...input2, mask: new Uint8Array(count(box)).fill(1) });
    const mean = (first: number, end: number): number => {
      const values = resolution.filter((_, i) => i % 96 >= first && i % 96 < end);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean(15, 35)).toBeLessThan(2.1);
    expect(mean(60, 80)).toBeGreaterThan(2.8);
  });

  it('reports progress and stops when it is aborted', async () => {
    const big: Shape = [120, 120, 120];
    const noise = { half1: randomMap(count(big), 1), half2: randomMap(count(big), 2) };
    const abort = new AbortController();
    const fractions: number[] = [];
    const running = localResolution(
      { ...common, ...noise, shape: big, mask: ballMask(big, 55), windowSize: 40 },
      { signal: abort.signal, threads: 1, onProgress: (fraction) => (fractions.push(fraction), abort.abort()) },
    );
    await expect(running).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(fractions.length).toBeGreaterThan(0);
  });

  it.each([
    ['an odd window', { windowSize: 15 }, 'input.parameter', /15 voxels.*even/],
    ['a window that is too small', { windowSize: 6 }, 'input.parameter', /6 voxels/],
    ['a threshold of 2', { threshold: 2 }, 'input.parameter', /threshold is 2, expected .* between 0 and 1/],
    [
      'a window larger than the box',
      { windowSize: 40 },
      'input.parameter',
      /40 voxels wide but the box only 44 x 39 x 47/,
    ],
    ['a voxel size of 0', { voxelSize: 0 }, 'input.parameter', /voxel size is 0/],
    ['a half map of another size', { half2: new Float32Array(5) }, 'input.parameter', /second half map holds 5 voxels/],
    ['a mask of another size', { mask: new Uint8Array(7) }, 'input.parameter', /mask holds 7/],
    [
      'NaN',
      { half2: input.half2.map((v, i) => (i === 9 ? NaN : v)) },
      'input.voxels',
      /second half map holds 1 .*finite/,
    ],
  ])('refuses %s', async (_, change, kind, message) => {
    const refused = localResolution({ ...input, ...change });
    await expect(refused).rejects.toMatchObject({ kind });
    await expect(refused).rejects.toThrow(message);
  });
});
