import { afterEach, describe, expect, it } from 'vitest';
import { combineHalfMaps, nativeInfo, restrictSimd, scaleWindows, type Shape } from '@locscale/native';
import { meanOutside } from '@locscale/native/oracle';
import {
  goldenManifest,
  goldenMap,
  goldenMissing,
  goldenReason,
  goldenShape,
  largestDifference,
  randomMap,
  voxelIndex,
} from './helpers.js';
import { ballMask, blobMap, compareWithOracle, eachVoxel, raggedMask } from './scaling-cases.js';
import { stalls } from '../stalls.js';

const form = 'atomic' as const;
const count = ([z, y, x]: Shape): number => z * y * x;

/** Everything here is held against the loop over windows in double precision (`native/test/window_oracle.cc`). */
describe('windowed scaling against the loop over windows', () => {
  it.each([4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40])('window %i', async (windowSize) => {
    const shape: Shape = [windowSize + 21, windowSize + 14, windowSize + 19];
    const input = {
      map: blobMap(shape, windowSize),
      reference: blobMap(shape, windowSize, 1),
      shape,
      windowSize,
      form,
    };
    const mask = raggedMask(shape, windowSize / 2, 0.1, 5);
    const { rms, largest, voxels } = await compareWithOracle({ ...input, mask }, windowSize > 24 ? 7 : 2);
    expect(voxels).toBeGreaterThan(30);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it.each<[string, Shape, (shape: Shape) => Uint8Array]>([
    ['an odd box that is not a cube', [37, 41, 51], (shape) => ballMask(shape, 9)],
    ['a box of a power of two', [64, 64, 64], (shape) => ballMask(shape, 14)],
    ['one voxel', [24, 24, 24], (shape) => ballMask(shape, 0.5)],
    [
      'the first and the last voxel whose window fits',
      [40, 40, 40],
      (shape) => {
        const mask = new Uint8Array(count(shape));
        mask[voxelIndex([8, 8, 8], shape)] = 1;
        mask[voxelIndex([32, 32, 32], shape)] = 1;
        return mask;
      },
    ],
    [
      'a shell three voxels thick',
      [48, 48, 48],
      (shape) => {
        const inner = ballMask(shape, 10);
        return ballMask(shape, 13).map((v, i) => v - (inner[i] ?? 0));
      },
    ],
    [
      'a mask longer than a tile and a slab',
      [120, 130, 40],
      (shape) => {
        const mask = new Uint8Array(count(shape));
        eachVoxel(shape, (i, z, y, x) => {
          mask[i] =
            z >= 8 && z <= 112 && y >= 8 && y <= 122 && x % 13 === 9 && x > 8 && x < 32 && (z + y) % 11 < 8 ? 1 : 0;
        });
        return mask;
      },
    ],
  ])('%s', async (_, shape, maskOf) => {
    const input = {
      map: blobMap(shape, 1),
      reference: blobMap(shape, 2, 1),
      mask: maskOf(shape),
      shape,
      windowSize: 16,
      form,
    };
    const { rms, largest } = await compareWithOracle(input, shape[0] > 100 ? 29 : 3);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it('windows that reach beyond the box see the fill value', async () => {
    const shape: Shape = [30, 27, 33];
    const fill = { map: 0.31, reference: -0.12 };
    const mask = randomMap(count(shape), 3).reduce(
      (m, v, i) => ((m[i] = v > 0.8 ? 1 : 0), m),
      new Uint8Array(count(shape)),
    );
    const input = { map: blobMap(shape, 1), reference: blobMap(shape, 2, 1), mask, shape, windowSize: 20, form, fill };
    const { rms, largest } = await compareWithOracle(input, 2);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it('a map far blunter than its reference, scaled up a thousandfold at the last frequencies', async () => {
    const shape: Shape = [48, 48, 48];
    const input = {
      map: blobMap(shape, 1, 4, 1e-5),
      reference: blobMap(shape, 2, 0.8, 0),
      shape,
      windowSize: 20,
      form,
    };
    const { rms } = await compareWithOracle({ ...input, mask: ballMask(shape, 12) }, 5);
    expect(rms).toBeLessThan(1e-5);
  });
});

describe.skipIf(goldenMissing)(`windowed scaling against LocScale 2.3.1 (${goldenReason})`, () => {
  it.each([
    ['main run', 'mask.mrc.gz', 'locscale_atomic.mrc.gz'],
    ['slab', 'mask_slab.mrc.gz', 'locscale_slab_atomic.mrc.gz'],
    ['mask at the edge of the box, padded', 'mask_edge.mrc.gz', 'locscale_edge_atomic.mrc.gz'],
  ])('%s', async (_, maskName, outputName) => {
    const golden = goldenManifest();
    const map = await combineHalfMaps(goldenMap('half1.mrc.gz'), goldenMap('half2.mrc.gz'));
    const reference = goldenMap('model_map.mrc.gz');
    const mask = goldenMap(maskName);
    const output = goldenMap(outputName);
    const { scaled } = await scaleWindows({
      map,
      reference,
      mask: Uint8Array.from(mask, (v) => (v >= 0.5 ? 1 : 0)),
      shape: goldenShape,
      windowSize: golden.numbers.window,
      form,
      fill: { map: meanOutside(mask, map), reference: meanOutside(mask, reference) },
    });
    // LocScale drops these mask voxels although their windows fit (index n - h); here they are scaled.
    const dropped = new Set(golden.mask_voxels_dropped_at_edge_zyx.map((zyx) => voxelIndex(zyx, goldenShape)));
    let compared = 0;
    let squares = 0;
    let largest = 0;
    let notZero = 0;
    output.forEach((expected, i) => {
      if (expected === 0) {
        if (scaled[i] !== 0 && !dropped.has(i)) notZero += 1;
        return;
      }
      compared += 1;
      squares += expected ** 2;
      largest = Math.max(largest, Math.abs((scaled[i] ?? NaN) - expected));
    });
    expect(notZero).toBe(0);
    expect(compared).toBe(golden.files[outputName]?.nonzero);
    expect(largest / Math.sqrt(squares / compared)).toBeLessThan(1e-5);
  });
});

describe('windowed scaling', () => {
  afterEach(() => restrictSimd(''));

  const shape: Shape = [50, 45, 47];
  const windowSize = 16;
  const map = blobMap(shape, 1);
  const reference = blobMap(shape, 2, 1);
  const mask = ballMask(shape, 11);
  const input = { map, reference, mask, shape, windowSize, form };

  it('is the same bit for bit on any number of threads', async () => {
    const [one, two, five] = await Promise.all([1, 2, 5].map((threads) => scaleWindows(input, { threads })));
    expect(two?.scaled).toEqual(one?.scaled);
    expect(five?.scaled).toEqual(one?.scaled);
  });

  it.each(nativeInfo().targets)('agrees on %s', async (target) => {
    expect(restrictSimd(target)).toBe(true);
    expect(nativeInfo().simd).toBe(target);
    const lanes: Readonly<Record<string, readonly number[]>> = {
      AVX3: [8, 16],
      AVX2: [8],
      SSE4: [4],
      NEON: [4],
      SCALAR: [1],
    };
    expect(lanes[target] ?? [4]).toContain(nativeInfo().lanes);
    const { rms, largest } = await compareWithOracle(input, 11);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it('returns the map itself where the reference is the map', async () => {
    const { scaled, scaledVoxels } = await scaleWindows({ ...input, reference: map });
    const inside = mask.reduce((sum, v) => sum + v, 0);
    expect(scaledVoxels).toBe(inside);
    const expected = map.map((value, i) => (mask[i] === 1 ? value : 0));
    expect(largestDifference(scaled, expected)).toBeLessThan(2e-6);
    expect(scaled.some((value, i) => value !== 0 && mask[i] === 0)).toBe(false);
  });

  it('follows the unit of the reference and not that of the map, over the whole range of float32', async () => {
    const { scaled } = await scaleWindows(input);
    for (const [mapUnit, referenceUnit] of [
      [2 ** 90, 1],
      [2 ** -90, 1],
      [1, 2 ** 60],
      [2 ** -60, 2 ** -60],
    ] as const) {
      const result = await scaleWindows({
        ...input,
        map: map.map((v) => v * mapUnit),
        reference: reference.map((v) => v * referenceUnit),
      });
      expect(result.scaled).toEqual(scaled.map((v) => v * referenceUnit));
    }
  });

  it('gives exact zeros where the window of the map or the reference is zero, and counts them', async () => {
    const cut = map.map((v, i) => (Math.floor(i / (shape[1] * shape[2])) >= 25 ? 0 : v));
    const all = new Uint8Array(count(shape)).fill(1);
    for (const [m, r] of [
      [cut, reference],
      [map, cut],
    ] as const) {
      const { scaled, emptyWindows } = await scaleWindows({ ...input, map: m, reference: r, mask: all });
      // Sections from 25 + h on have windows of zeros; so do corners of the padding, of which there are none here.
      const empty = (shape[0] - 25 - windowSize / 2) * shape[1] * shape[2];
      expect(emptyWindows).toBe(empty);
      expect(scaled.every((value) => Number.isFinite(value))).toBe(true);
      expect(scaled.subarray(scaled.length - empty).every((value) => value === 0)).toBe(true);
    }
    const half = await compareWithOracle({ ...input, map: cut }, 5);
    expect(half.rms).toBeLessThan(2e-6);
  });

  it('survives beads of 3000 standard deviations', async () => {
    const beads = map.slice();
    beads[voxelIndex([14, 20, 20], shape)] = 600;
    beads[voxelIndex([30, 22, 12], shape)] = -600;
    const { rms, largest } = await compareWithOracle({ ...input, map: beads }, 7);
    expect(rms).toBeLessThan(1e-5);
    expect(largest).toBeLessThan(1e-4);
  });

  it('gives zeros for a reference of zeros and finite values for constant maps', async () => {
    const zeros = await scaleWindows({ ...input, reference: new Float32Array(count(shape)) });
    expect(zeros.scaled.every((v) => v === 0)).toBe(true);
    const constant = await scaleWindows({ ...input, map: new Float32Array(count(shape)).fill(3) });
    expect(constant.scaled.every((v) => Number.isFinite(v))).toBe(true);
  });

  it('does not change when axes are exchanged, and does when one is turned round (octant profile)', async () => {
    const edge = 34;
    const cube: Shape = [edge, edge, edge];
    const at = (z: number, y: number, x: number): number => voxelIndex([z, y, x], cube);
    const rearranged = (a: Float32Array, from: (z: number, y: number, x: number) => number): Float32Array => {
      const out = new Float32Array(a.length);
      eachVoxel(cube, (i, z, y, x) => (out[i] = a[from(z, y, x)] ?? NaN));
      return out;
    };
    const m = randomMap(count(cube), 8);
    const r = randomMap(count(cube), 9);
    const ball = ballMask(cube, 6, [17, 17, 17]);
    const { scaled } = await scaleWindows({ map: m, reference: r, mask: ball, shape: cube, windowSize: 12, form });
    const through = async (from: (z: number, y: number, x: number) => number): Promise<number> => {
      const turned = await scaleWindows({
        map: rearranged(m, from),
        reference: rearranged(r, from),
        mask: Uint8Array.from(rearranged(Float32Array.from(ball), from)),
        shape: cube,
        windowSize: 12,
        form,
      });
      const expected = rearranged(scaled, from);
      return Math.max(...turned.scaled.map((v, i) => Math.abs(v - (expected[i] ?? NaN))));
    };
    expect(await through((z, y, x) => at(x, z, y))).toBeLessThan(1e-5);
    expect(await through((z, y, x) => at(z, x, y))).toBeLessThan(1e-5);
    // Index 0 has no mirror image inside the box, so the mirrored map is the mirrored box shifted by one voxel.
    expect(await through((z, y, x) => at(z, y, (edge - x) % edge))).toBeGreaterThan(1e-2);
  });

  it('reports progress and every slab once, and writes into the array it is given', async () => {
    const tall: Shape = [220, 24, 24];
    const fractions: number[] = [];
    const sections: number[] = [];
    const scaled = new Float32Array(count(tall));
    const result = await scaleWindows(
      {
        map: randomMap(count(tall), 1),
        reference: randomMap(count(tall), 2),
        mask: ballMask(tall, 12),
        shape: tall,
        windowSize,
        form,
      },
      {
        scaled,
        onProgress: (fraction) => fractions.push(fraction),
        onSlab: ([first, end]) => {
          for (let z = first; z < end; z++) sections.push(z);
        },
      },
    );
    expect(result.scaled).toBe(scaled);
    expect(sections.sort((a, b) => a - b)).toEqual(Array.from({ length: 220 }, (_, z) => z));
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('stops within half a second when it is aborted', stalls, async () => {
    const big: Shape = [160, 160, 160];
    const abort = new AbortController();
    const voxels = randomMap(count(big), 4);
    const running = scaleWindows(
      { map: voxels, reference: voxels, mask: ballMask(big, 60), shape: big, windowSize: 60, form },
      { signal: abort.signal, threads: 1 },
    );
    await new Promise((resolve) => setTimeout(resolve, 400));
    const asked = performance.now();
    abort.abort();
    await expect(running).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(performance.now() - asked).toBeLessThan(500);
  });

  it.each([
    ['an odd window', { windowSize: 15 }, 'input.parameter', /15 voxels.*even/],
    ['a window that is too small', { windowSize: 2 }, 'input.parameter', /2 voxels/],
    ['a map of another size', { map: new Float32Array(5) }, 'input.parameter', /holds 5 voxels/],
    ['a mask of another size', { mask: new Uint8Array(7) }, 'input.parameter', /mask holds 7/],
    ['a shape that is none', { shape: [0, 1, 1] as const }, 'input.parameter', /shape/],
    ['NaN in the map', { map: map.map((v, i) => (i === 99 ? NaN : v)) }, 'input.voxels', /map holds 1 .*not finite/],
    [
      'infinity in the reference',
      { reference: map.map((v, i) => (i < 2 ? Infinity : v)) },
      'input.voxels',
      /reference map holds 2/,
    ],
  ])('refuses %s', async (_, change, kind, message) => {
    const refused = scaleWindows({ ...input, ...change });
    await expect(refused).rejects.toMatchObject({ kind });
    await expect(refused).rejects.toThrow(message);
  });
});
