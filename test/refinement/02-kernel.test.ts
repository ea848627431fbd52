import {
  averageBFactors,
  bFactorShift,
  NativeError,
  nativeInfo,
  refineAdp,
  restrictSimd,
  simulateModel,
  type Atoms,
  type ModelGrid,
  type RefineAdpInput,
  type RefinementCycle,
} from '@locscale/native';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomAtoms } from '../models/helpers/atoms.js';
import { largestDifference, randomNumbers } from '../native/helpers.js';
import { normal, pick, recovery } from './simulated.js';

const grid: ModelGrid = { shape: [48, 50, 54], voxelSize: [1.3, 1.3, 1.3], origin: [-5, 2, 11] };
const resolution = 3.6;
/** A heap of atoms as dense as a protein, whose B-factors rise along x. */
const truth: Atoms = (() => {
  const atoms = randomAtoms(900, 20, 46, 8);
  const occupancies = new Float32Array(900).fill(1);
  return {
    ...atoms,
    occupancies,
    bFactors: atoms.bFactors.map((_, i) => 20 + 2.5 * ((atoms.positions[3 * i] ?? 0) - 15)),
  };
})();
const blank: Atoms = { ...truth, bFactors: new Float32Array(900) };
let input: RefineAdpInput & { readonly maps: readonly [Float32Array, Float32Array] };

beforeAll(async () => {
  const { map } = await simulateModel(truth, grid);
  const random = randomNumbers(21);
  const noisy = (): Float32Array => map.map((value) => value + 0.04 * normal(random));
  input = { atoms: blank, grid, maps: [noisy(), noisy()], resolution };
});

/** What a refinement is refused with. */
const refusal = (change: Partial<RefineAdpInput>): Promise<unknown> =>
  refineAdp({ ...input, ...change }).then(
    () => 'not refused',
    (error: unknown) => (error instanceof NativeError ? `${error.kind}: ${error.message}` : error),
  );

describe('refinement of B-factors', () => {
  it('finds a slope across the model again, and tells its cycles', async () => {
    const cycles: RefinementCycle[] = [];
    const fractions: number[] = [];
    const result = await refineAdp(input, {
      onCycle: (cycle) => cycles.push(cycle),
      onProgress: (fraction) => fractions.push(fraction),
    });
    const { correlation, slope } = recovery(result.bFactors, truth.bFactors);
    expect(correlation).toBeGreaterThan(0.95);
    expect(Math.abs(slope - 1)).toBeLessThan(0.2);
    const free = result.trials.find((trial) => trial.restraintWeight === result.restraintWeight)?.free ?? 0;
    expect(free).toBeGreaterThan(result.halfMapsBefore?.free ?? 1);
    expect(result.trials.length).toBeGreaterThanOrEqual(3);
    expect(cycles.length).toBeGreaterThan(10);
    expect(cycles.filter(({ against }) => against === 'all data').every(({ fscFree }) => fscFree === null)).toBe(true);
    expect(new Set(cycles.map(({ stage }) => stage)).size).toBe(result.trials.length + 1);
    expect(fractions.every((value, i) => value >= (fractions[i - 1] ?? 0) && value <= 1)).toBe(true);
    expect(result.shells.frequency.every((s, i) => s > (result.shells.frequency[i - 1] ?? 0))).toBe(true);
  });

  it('is the same to the bit for any number of threads', async () => {
    const one = await refineAdp(input, { threads: 1 });
    for (const threads of [2, 5]) expect(await refineAdp(input, { threads })).toEqual(one);
  });

  it('is nearly the same with every instruction set', async () => {
    const settled = { ...input, restraintWeight: 0.5 };
    const best = (await refineAdp(settled)).bFactors;
    try {
      for (const target of nativeInfo().targets) {
        restrictSimd(target);
        // Line searches may end elsewhere: a small part of the B-factors' range.
        expect(largestDifference((await refineAdp(settled)).bFactors, best)).toBeLessThan(1);
      }
    } finally {
      restrictSimd('');
    }
  });

  it('takes one map, and then holds nothing back', async () => {
    const mean = input.maps[0].map((value, i) => (value + (input.maps[1][i] ?? 0)) / 2);
    const single = await refineAdp({ ...input, maps: [mean] });
    expect(single).toMatchObject({ trials: [], halfMapsBefore: null, restraintWeight: 0.5 });
    const halves = await refineAdp({ ...input, restraintWeight: 0.5 });
    expect(halves.trials).toHaveLength(1);
    expect(recovery(single.bFactors, halves.bFactors)).toMatchObject({ correlation: expect.closeTo(1, 2) as number });
  });

  it('does not depend on the scale and the mean of the map', async () => {
    const settled = { ...input, restraintWeight: 0.5 };
    const plain = (await refineAdp(settled)).bFactors;
    const scaled = input.maps.map((map) => map.map((value) => 1e-5 * (value - 3))) as [Float32Array, Float32Array];
    expect(largestDifference((await refineAdp({ ...settled, maps: scaled })).bFactors, plain)).toBeLessThan(1);
  });

  it('counts only what the mask leaves', async () => {
    const [nz, ny, nx] = grid.shape;
    const mask = Float32Array.from({ length: nz * ny * nx }, (_, i) => (i % nx < 35 ? 1 : 0));
    const spoilt = input.maps.map((map) => map.map((value, i) => ((mask[i] ?? 0) > 0 ? value : 40))) as [
      Float32Array,
      Float32Array,
    ];
    const clean = input.maps.map((map) => map.map((value, i) => value * (mask[i] ?? 0))) as [
      Float32Array,
      Float32Array,
    ];
    const left = pick(blank, (x) => x < 35);
    const settled = { ...input, atoms: left, restraintWeight: 0.5 };
    const masked = await refineAdp({ ...settled, maps: spoilt, mask });
    expect(masked.bFactors).toEqual((await refineAdp({ ...settled, maps: clean })).bFactors);
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const running = refineAdp(input, { signal: controller.signal, onCycle: () => controller.abort() });
    await expect(running).rejects.toMatchObject({ kind: 'job.cancelled' });
  });

  it('refuses what it cannot use, with a sentence', async () => {
    expect(await refusal({ resolution: 2 })).toMatch(
      /^input\.parameter: The resolution is 2 Å; give a number from 2\.60/,
    );
    expect(await refusal({ restraintWeight: -1 })).toMatch(/^input\.parameter: The restraint weight is -1/);
    expect(await refusal({ atoms: { ...blank, elements: new Uint8Array(900).fill(1) } })).toMatch(
      /^input\.model: None of the 900 atoms can be refined/,
    );
    const constant = new Float32Array(input.maps[0].length).fill(4);
    expect(await refusal({ maps: [constant] })).toMatch(/^input\.voxels: The map is the same everywhere/);
    expect(await refusal({ maps: [new Float32Array(8)] })).toMatch(/^input\.parameter: The map holds 8 voxels/);
  });

  it('serves a model of one atom', async () => {
    const result = await refineAdp({ ...input, atoms: pick(blank, (_, i) => i === 0) });
    expect(result.bFactors).toHaveLength(1);
    expect(result.bFactors[0]).toBeGreaterThan(1.9);
  });
});

describe('LocScale’s later steps with B-factors', () => {
  it('takes the mean over a sphere', async () => {
    const positions = Float64Array.of(0, 0, 0, 20, 0, 0, 44, 0, 0);
    const means = await averageBFactors({ positions, bFactors: Float32Array.of(10, 20, 60) }, 25);
    expect(Array.from(means)).toEqual([15, 30, 40]);
  });

  it('shifts by the quantile of one in a hundred', async () => {
    const spread = Float32Array.from({ length: 2000 }, (_, i) => 50 + i / 20);
    // Of an even spread from 50 to 150; smoothing widens it by little.
    expect(await bFactorShift(spread)).toBeCloseTo(51.5, -0.5);
    expect(await bFactorShift(new Float32Array(10).fill(7))).toBe(0);
  });
});
