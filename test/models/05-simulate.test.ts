import {
  fft3,
  type ModelGrid,
  NativeError,
  restrictSimd,
  simulateModel,
  nativeInfo,
  type Shape,
} from '@locscale/native';
import { modelDensity } from '@locscale/native/model-density';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { goldenFolder, hasGolden } from '../volumes/helpers/shared-data.js';
import { goldenMap, goldenShape, largestDifference } from '../native/helpers.js';
import { coefficientOf, randomAtoms } from './helpers/atoms.js';

const grid: ModelGrid = { shape: [40, 44, 48], voxelSize: [1.21, 1.2, 1.19], origin: [0, 0, 0] };
const atoms = randomAtoms(200, 12, 36, 3);
const volume = (g: ModelGrid): number => g.voxelSize[0] * g.voxelSize[1] * g.voxelSize[2];
const nyquist = (g: ModelGrid): number => 0.5 / Math.max(...g.voxelSize);

interface Coefficient {
  readonly s: readonly [number, number, number];
  readonly re: number;
  readonly im: number;
}

/** Coefficients of a map, unit of the scattering factors, phases counted from the origin of the box. */
async function coefficients(map: Float32Array, g: ModelGrid): Promise<readonly Coefficient[]> {
  const [nz, ny, nx] = g.shape;
  const spectrum = await fft3(Float64Array.from(map), g.shape);
  const half = Math.floor(nx / 2) + 1;
  const signed = (i: number, n: number): number => (2 * i <= n ? i : i - n);
  return Array.from({ length: spectrum.length / 2 }, (_, i) => {
    const [z, y, x] = [Math.floor(i / (half * ny)), Math.floor(i / half) % ny, i % half];
    return {
      s: [x / (nx * g.voxelSize[0]), signed(y, ny) / (ny * g.voxelSize[1]), signed(z, nz) / (nz * g.voxelSize[2])],
      re: (spectrum[2 * i] ?? 0) * volume(g),
      im: (spectrum[2 * i + 1] ?? 0) * volume(g),
    };
  });
}

const norm = ({ s }: Coefficient): number => Math.hypot(...s);

/** Root mean square of the difference over that of the expected values. */
function relative(
  seen: readonly Coefficient[],
  expected: (c: Coefficient, i: number) => readonly [number, number],
): number {
  let [difference, signal] = [0, 0];
  seen.forEach((coefficient, i) => {
    const [re, im] = expected(coefficient, i);
    difference += (coefficient.re - re) ** 2 + (coefficient.im - im) ** 2;
    signal += re ** 2 + im ** 2;
  });
  return Math.sqrt(difference / signal);
}

describe('the map of a model', () => {
  it('is the sum over its atoms, coefficient by coefficient', async () => {
    const { map, outside, blur } = await simulateModel(atoms, grid);
    expect(outside).toBe(0);
    expect(blur).toBeCloseTo(140 * 1.21 ** 2 - Math.min(...atoms.bFactors), 3);
    const all = (await coefficients(map, grid)).filter((_, i) => i % 7 === 0);
    const below = all.filter((c) => norm(c) < 0.8 * nyquist(grid));
    expect(below.length).toBeGreaterThan(1000);
    expect(relative(below, ({ s }) => coefficientOf(atoms, s))).toBeLessThan(1e-4);
    const high = below.filter((c) => norm(c) > 0.7 * nyquist(grid));
    expect(relative(high, ({ s }) => coefficientOf(atoms, s))).toBeLessThan(1e-3);
    const beyond = all.filter((c) => norm(c) > 1.001 * nyquist(grid));
    expect(Math.max(...beyond.map(({ re, im }) => Math.hypot(re, im)))).toBeLessThan(1e-4);
  });

  it('counts positions from the origin of the map', async () => {
    const origin = [-31.5, 12.25, 100] as const;
    const moved = { ...atoms, positions: atoms.positions.map((value, i) => value + (origin[i % 3] ?? 0)) };
    const here = (await simulateModel(atoms, grid)).map;
    const there = (await simulateModel(moved, { ...grid, origin })).map;
    expect(largestDifference(here, there)).toBeLessThan(1e-6);
  });

  it('continues on the other side of the box where an atom sits at its face', async () => {
    const one = { ...randomAtoms(1, 0, 0, 1), elements: Uint8Array.of(6) };
    const all = await coefficients((await simulateModel(one, grid)).map, grid);
    const below = all.filter((c, i) => i % 5 === 0 && norm(c) < 0.8 * nyquist(grid));
    expect(relative(below, ({ s }) => coefficientOf(one, s))).toBeLessThan(1e-4);
  });

  it('serves a box that is smaller than an atom', async () => {
    const tiny: ModelGrid = { shape: [4, 5, 6], voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] };
    const one = { ...randomAtoms(1, 1, 3, 1), elements: Uint8Array.of(8) };
    const all = (await coefficients((await simulateModel(one, tiny)).map, tiny)).filter(
      (c) => norm(c) < 0.8 * nyquist(tiny),
    );
    expect(relative(all, ({ s }) => coefficientOf(one, s))).toBeLessThan(1e-4);
  });

  it('is the same to the bit for any number of threads', async () => {
    const one = (await simulateModel(atoms, grid, { threads: 1 })).map;
    for (const threads of [2, 3, 7]) expect((await simulateModel(atoms, grid, { threads })).map).toEqual(one);
  });

  it('is nearly the same with every instruction set', async () => {
    const best = (await simulateModel(atoms, grid)).map;
    try {
      for (const target of nativeInfo().targets) {
        restrictSimd(target);
        expect(largestDifference((await simulateModel(atoms, grid)).map, best)).toBeLessThan(2e-5);
      }
    } finally {
      restrictSimd('');
    }
  });

  it('leaves atoms outside the box out and counts them', async () => {
    const positions = atoms.positions.slice();
    positions[0] = -1;
    positions[4] = 1000;
    const occupancies = atoms.occupancies.slice();
    occupancies.fill(0, 0, 2);
    const { map, outside } = await simulateModel({ ...atoms, positions }, grid);
    expect(outside).toBe(2);
    expect(largestDifference(map, (await simulateModel({ ...atoms, occupancies }, grid)).map)).toBeLessThan(1e-5);
  });

  it('averages or assembles copies', async () => {
    const half = Float64Array.of(-1, 0, 0, 48, 0, -1, 0, 46, 0, 0, 1, 0); // a 2-fold along z
    const operators = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, ...half);
    const turned = { ...atoms, positions: atoms.positions.map((v, i) => [48 - v, 46 - v, v][i % 3] ?? 0) };
    const [a, b] = [(await simulateModel(atoms, grid)).map, (await simulateModel(turned, grid)).map];
    const sum = a.map((value, i) => value + (b[i] ?? 0));
    const assembled = (await simulateModel(atoms, grid, { copies: { operators, weight: 'assemble' } })).map;
    expect(largestDifference(assembled, sum)).toBeLessThan(1e-4);
    const averaged = (await simulateModel(atoms, grid, { copies: { operators, weight: 'average' } })).map;
    expect(
      largestDifference(
        averaged,
        sum.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-4);
  });

  it('ends at a resolution when asked to, with LocScale’s tanh edge', async () => {
    const cutoff = 1 / 5;
    const filtered = await coefficients((await simulateModel(atoms, grid, { resolution: 5 })).map, grid);
    const gain = (s: number): number =>
      0.5 *
      (Math.tanh((Math.PI * (s + cutoff)) / (0.2 * cutoff)) - Math.tanh((Math.PI * (s - cutoff)) / (0.2 * cutoff)));
    const some = filtered.filter((c, i) => i % 9 === 0 && norm(c) < 0.3);
    expect(
      relative(some, (c) => {
        const [re, im] = coefficientOf(atoms, c.s);
        return [re * gain(norm(c)), im * gain(norm(c))];
      }),
    ).toBeLessThan(1e-4);
  });

  it.each([
    ['a blur that leaves atoms without width', { blur: -100 }, /sum must be at least 0/],
    ['a resolution below 0', { resolution: -1 }, /resolution is -1/],
    ['a blur that is no number', { blur: NaN }, /blur is NaN/],
  ])('refuses %s', async (_, options, sentence) => {
    const failure = await simulateModel(atoms, grid, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NativeError);
    expect(String(failure)).toMatch(sentence);
  });
});

describe('against gemmi', () => {
  const cube: Shape = [40, 40, 40];
  const task = (a = atoms, blur = 150) => ({ ...a, shape: cube, voxelSize: [1.2, 1.2, 1.2] as const, blur });

  it('the map agrees within 10⁻³ up to 0.8 of the Nyquist frequency, on gemmi’s own finer grid', async () => {
    const g: ModelGrid = { shape: cube, voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] };
    const fineGrid: ModelGrid = { shape: [80, 80, 80], voxelSize: [0.6, 0.6, 0.6], origin: [0, 0, 0] };
    const blur = Math.max(0, (8 * Math.PI ** 2 * 0.6 ** 2) / 1.1 - Math.min(...atoms.bFactors));
    const theirs = await modelDensity('gemmi', {
      ...task(atoms, blur),
      shape: fineGrid.shape,
      voxelSize: fineGrid.voxelSize,
    });
    const key = ({ s }: Coefficient): string => s.map((value) => Math.round(value * 48)).join();
    const fine = new Map((await coefficients(theirs.map, fineGrid)).map((c) => [key(c), c]));
    const ours = (await coefficients((await simulateModel(atoms, g)).map, g)).filter((c) => norm(c) < 0.8 * nyquist(g));
    const difference = relative(ours, (c) => {
      const other = fine.get(key(c));
      const sharpened = Math.exp((blur * norm(c) ** 2) / 4);
      return [(other?.re ?? NaN) * sharpened, (other?.im ?? NaN) * sharpened];
    });
    expect(difference).toBeLessThan(1e-3);
  });

  it('the blurred density agrees voxel by voxel to where gemmi cuts atoms', async () => {
    const [ours, theirs] = [await modelDensity('ours', task()), await modelDensity('gemmi', task())];
    const peak = Math.max(...theirs.map);
    expect(largestDifference(ours.map, theirs.map) / peak).toBeLessThan(1e-3);
  });

  it('every element from hydrogen to californium scatters alike', async () => {
    const one = randomAtoms(1, 24, 24, 1);
    for (let element = 1; element <= 98; element++) {
      const atom = { ...one, elements: Uint8Array.of(element) };
      const [ours, theirs] = [await modelDensity('ours', task(atom)), await modelDensity('gemmi', task(atom))];
      expect(largestDifference(ours.map, theirs.map), `element ${element}`).toBeLessThan(1.2e-5); // gemmi cuts at 10⁻⁵
    }
  });
});

describe.skipIf(!hasGolden)('against LocScale 2.3.1 (needs ../shared/golden)', () => {
  it('differs from its model map only by the way in which the blur is taken away', async () => {
    const model = await readModel(`${goldenFolder}/model.cif.gz`);
    const bFactors = model.atoms.bFactors.map((b) => b - 15);
    const g: ModelGrid = { shape: goldenShape, voxelSize: [1.2, 1.2, 1.2], origin: [0, 0, 0] };
    // LocScale's blur: Refmac's rule; taken away in shells j of the rounded index, at j / (N/2 - 1) of the Nyquist frequency.
    const blur = (8 * Math.PI ** 2 * 1.2 ** 2) / 1.1;
    const { map } = await simulateModel({ ...model.atoms, bFactors }, g, { blur });
    const expected = await coefficients(goldenMap('model_map.mrc.gz'), g);
    const ours = await coefficients(map, g);
    const pairs = expected
      .map((c, i) => ({ ...c, ours: ours[i] }))
      .filter((c) => norm(c) > 0.02 && norm(c) < 0.8 * nyquist(g));
    const difference = relative(pairs, (c, i) => {
      const shell = Math.floor(norm(c) * 96 * 1.2 + 1e-9);
      const frequency = (shell / 47) * (0.5 / 1.2);
      const gain = Math.exp((blur * (frequency ** 2 - norm(c) ** 2)) / 4);
      const mine = pairs[i]?.ours;
      return [(mine?.re ?? NaN) * gain, (mine?.im ?? NaN) * gain];
    });
    expect(difference).toBeLessThan(1e-3);
  }, 60_000);
});
