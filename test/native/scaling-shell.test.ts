import { afterEach, describe, expect, it } from 'vitest';
import {
  auditWindows,
  nativeInfo,
  restrictSimd,
  scaleWindows,
  type ProfileKind,
  type ScalingForm,
  type Shape,
} from '@locscale/native';
import { maskVoxels } from '@locscale/native/oracle';
import { randomMap, voxelIndex } from './helpers.js';
import { ballMask, blobMap, compareWithOracle, eachVoxel, raggedMask } from './scaling-cases.js';

const form = 'atomic' as const;
const profile = 'shell' as const;
const count = ([z, y, x]: Shape): number => z * y * x;

/** Held against the mean over all w³ coefficients of each window's transform, in double precision. */
describe('windowed scaling with full-shell profiles', () => {
  it.each([4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 40])('window %i', async (windowSize) => {
    const shape: Shape = [windowSize + 21, windowSize + 14, windowSize + 19];
    const maps = { map: blobMap(shape, windowSize), reference: blobMap(shape, windowSize, 1) };
    const mask = raggedMask(shape, windowSize / 2, 0.1, 5);
    const input = { ...maps, mask, shape, windowSize, form, profile };
    const { rms, largest, voxels } = await compareWithOracle(input, windowSize > 24 ? 7 : 2);
    expect(voxels).toBeGreaterThan(30);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it.each<[string, Shape, (shape: Shape) => Uint8Array]>([
    ['an odd box that is not a cube', [37, 41, 51], (shape) => ballMask(shape, 9)],
    ['one voxel', [24, 24, 24], (shape) => ballMask(shape, 0.5)],
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
    const maps = { map: blobMap(shape, 1), reference: blobMap(shape, 2, 1) };
    const input = { ...maps, mask: maskOf(shape), shape, windowSize: 16, form, profile };
    const { rms, largest } = await compareWithOracle(input, shape[0] > 100 ? 29 : 3);
    expect(rms).toBeLessThan(5e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it('windows that reach beyond the box see the fill value', async () => {
    const shape: Shape = [30, 27, 33];
    const fill = { map: 0.31, reference: -0.12 };
    const mask = Uint8Array.from(randomMap(count(shape), 3), (v) => (v > 0.8 ? 1 : 0));
    const maps = { map: blobMap(shape, 1), reference: blobMap(shape, 2, 1) };
    const { rms, largest } = await compareWithOracle({ ...maps, mask, shape, windowSize: 20, form, fill, profile }, 2);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });
});

describe('full-shell profiles', () => {
  const shape: Shape = [40, 36, 44];
  const windowSize = 18;
  const maps = { map: blobMap(shape, 31), reference: blobMap(shape, 32, 1) };
  const input = { ...maps, mask: ballMask(shape, 9), shape, windowSize, form, profile };
  afterEach(() => restrictSimd(''));

  it.each(nativeInfo().targets)('on %s', async (target) => {
    expect(restrictSimd(target)).toBe(true);
    expect(nativeInfo().simd).toBe(target);
    const { rms, largest } = await compareWithOracle(input, 11);
    expect(rms).toBeLessThan(3e-6);
    expect(largest).toBeLessThan(2e-5);
  });

  it('are the same to the bit for any number of threads', async () => {
    const one = await scaleWindows(input, { threads: 1 });
    const three = await scaleWindows(input, { threads: 3 });
    expect(three.scaled).toEqual(one.scaled);
  });

  it('are not those of the octant, which stay the default', async () => {
    const shell = await scaleWindows(input);
    const octant = await scaleWindows({ ...input, profile: 'octant' });
    const unnamed = await scaleWindows({ ...maps, mask: input.mask, shape, windowSize, form });
    expect(unnamed.scaled).toEqual(octant.scaled);
    const difference = Math.max(...shell.scaled.map((v, i) => Math.abs(v - (octant.scaled[i] ?? NaN))));
    expect(difference).toBeGreaterThan(1e-3);
  });
});

describe('full-shell profiles in every form of the scale factors', () => {
  const shape: Shape = [44, 40, 42];
  const [, ny, nx] = shape;
  const windowSize = 20;
  const map = blobMap(shape, 1);
  const reference = blobMap(shape, 2, 1);
  const mask = ballMask(shape, 8);
  const cutoffs = { voxelSize: 1.2, wilsonCutoff: 8, fscCutoff: 3.4 };
  const theory = Float64Array.from({ length: 11 }, (_, r) => 4000 * Math.exp(-r / 3) + 300);
  const theoretical = { reference, ...cutoffs, nyquistCutoff: 2.5, boost: 1.5, theory };
  const differenceMask = mask.map((_, i) => (i % 3 === 0 ? 1 : 0));

  it.each<ScalingForm>([
    { form: 'atomic', reference, measure: cutoffs },
    { form: 'theoretical', ...theoretical },
    { form: 'no-reference', ...cutoffs, targetBfactor: 20 },
    { form: 'hybrid', ...theoretical, differenceMask },
  ])('$form: value, B-factor and quality of fit of the audit', async (how) => {
    const common = { ...how, map, shape, windowSize, profile };
    const { scaled, bfactors, qualities, failedFits } = await scaleWindows({ ...common, mask });
    expect(failedFits).toBe(0);
    const voxels = maskVoxels(Float32Array.from(mask)).filter((_, i) => i % 23 === 0);
    const zyx = Array.from(voxels, (i) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx]);
    const audited = await auditWindows({ ...common, voxels: Int32Array.from(zyx.flat()) });
    const size = Math.sqrt(audited.reduce((sum, { value }) => sum + value ** 2, 0) / audited.length);
    expect(audited.length).toBeGreaterThan(80);
    audited.forEach(({ value, fit }, i) => {
      const voxel = voxels[i] ?? NaN;
      expect(Math.abs((scaled[voxel] ?? NaN) - value) / size).toBeLessThan(1e-5);
      // In the atomic lanes of the hybrid form nothing is fitted.
      expect(bfactors?.[voxel]).toBeCloseTo(fit?.bfactor ?? 0, 2);
      expect(qualities?.[voxel]).toBeCloseTo(fit?.quality ?? 0, 4);
    });
  });
});

type From = (z: number, y: number, x: number) => readonly [z: number, y: number, x: number];

describe('axes exchanged and turned round', () => {
  const edge = 34;
  const windowSize = 12;
  const cube: Shape = [edge, edge, edge];
  const rearranged = (a: Float32Array, from: From): Float32Array => {
    const out = new Float32Array(a.length);
    eachVoxel(cube, (i, z, y, x) => (out[i] = a[voxelIndex(from(z, y, x), cube)] ?? NaN));
    return out;
  };
  const rms = (a: Float32Array): number => Math.sqrt(a.reduce((sum, v) => sum + v * v, 0) / a.length);
  const difference = (a: Float32Array, b: Float32Array): number => rms(a.map((v, i) => v - (b[i] ?? NaN))) / rms(b);

  /**
   * Turned round in place, the window [c - h, c + h) of voxel c becomes that of voxel edge - c and holds the same voxels
   * in another order. The B-factor of the no-reference form is a function of its profile and of nothing else.
   */
  const bfactors = async (map: Float32Array, profileKind: ProfileKind): Promise<Float32Array> => {
    const all = new Uint8Array(count(cube)).fill(1);
    const fit = { form: 'no-reference', voxelSize: 1.2, wilsonCutoff: 8, fscCutoff: 2.5, targetBfactor: 20 } as const;
    const result = await scaleWindows({ map, mask: all, shape: cube, windowSize, profile: profileKind, ...fit });
    return result.bfactors ?? new Float32Array();
  };
  const inside = (i: number): boolean => i >= windowSize / 2 && i <= edge - windowSize / 2;
  const changeOfProfile = async (kind: ProfileKind, voxel: From, window: From): Promise<number> => {
    const map = randomMap(count(cube), 8);
    const straight = rearranged(await bfactors(map, kind), window);
    const turned = await bfactors(rearranged(map, voxel), kind);
    eachVoxel(cube, (i, z, y, x) => {
      if (!inside(z) || !inside(y) || !inside(x)) straight[i] = turned[i] = 0;
    });
    return difference(turned, straight);
  };
  const turn = (i: number): number => edge - 1 - i;
  // Index 0 belongs to no window that fits.
  const turnWindow = (i: number): number => (edge - i) % edge;
  const cases: readonly (readonly [string, (back: (i: number) => number) => From])[] = [
    ['x turned round', (back) => (z, y, x) => [z, y, back(x)]],
    ['y turned round', (back) => (z, y, x) => [z, back(y), x]],
    ['z turned round', (back) => (z, y, x) => [back(z), y, x]],
    ['a quarter turn about z', (back) => (z, y, x) => [z, x, back(y)]],
  ];

  it.each(cases)('%s: the same profiles in full shells, others in the octant', async (_, from) => {
    expect(await changeOfProfile('shell', from(turn), from(turnWindow))).toBeLessThan(1e-5);
    expect(await changeOfProfile('octant', from(turn), from(turnWindow))).toBeGreaterThan(0.1);
  });

  it('all three turned round: the same profiles with both', async () => {
    const from =
      (back: (i: number) => number): From =>
      (z, y, x) => [back(z), back(y), back(x)];
    expect(await changeOfProfile('shell', from(turn), from(turnWindow))).toBeLessThan(1e-5);
    expect(await changeOfProfile('octant', from(turn), from(turnWindow))).toBeLessThan(1e-5);
  });

  const maps = { map: blobMap(cube, 8), reference: blobMap(cube, 8, 1) };
  const ball = ballMask(cube, 6, [17, 17, 17]);
  const changeOfMap = async (kind: ProfileKind, from: From): Promise<number> => {
    const common = { shape: cube, windowSize, form, profile: kind };
    const straight = await scaleWindows({ ...common, ...maps, mask: ball });
    const turned = await scaleWindows({
      ...common,
      map: rearranged(maps.map, from),
      reference: rearranged(maps.reference, from),
      mask: Uint8Array.from(rearranged(Float32Array.from(ball), from)),
    });
    return difference(turned.scaled, rearranged(straight.scaled, from));
  };

  it.each<[string, From]>([
    ['x, y and z in turn', (z, y, x) => [x, z, y]],
    ['x and y exchanged', (z, y, x) => [z, x, y]],
  ])('%s: the same map with both', async (_, from) => {
    expect(await changeOfMap('shell', from)).toBeLessThan(1e-5);
    expect(await changeOfMap('octant', from)).toBeLessThan(1e-5);
  });
});
