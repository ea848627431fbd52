import type { Grid } from '@chimerax-like/rpc';
import { type Placement, type PlacementInput, placementOf, readModel } from '../../daemon/src/models/index.js';
import { simulateModel, type Atoms } from '@locscale/native';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../native/helpers.js';
import { failure } from '../volumes/helpers/errors.js';
import { randomAtoms } from './helpers/atoms.js';
import { modelsFolder, modelsMissing } from './helpers/shared-models.js';
import { wanderer, wandererGrid } from './helpers/wanderer.js';

const grid: Grid = wandererGrid;
const { signal } = new AbortController();

const atoms = wanderer(5);
const shifted = (by: readonly number[]): Atoms => ({
  ...atoms,
  positions: atoms.positions.map((value, i) => value + (by[i % 3] ?? 0)),
});

/** The atoms' map with white noise of the map's own deviation. */
async function noisyMap(of: Atoms = atoms): Promise<Float32Array> {
  const { map } = await simulateModel(of, grid);
  const deviation = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
  const random = randomNumbers(9);
  return map.map((value) => value + deviation * 3.46 * (random() - 0.5));
}

const look = async (change: Partial<PlacementInput> = {}): Promise<Placement> =>
  placementOf(
    { atoms, name: 'm', map: await noisyMap(), grid, originWords: [0, 0, 0], start: [0, 0, 0], ...change },
    signal,
  );

describe('a model is looked for in its map', () => {
  it('is found where it lies', async () => {
    const placement = await look();
    expect(placement).toMatchObject({ outside: { count: 0 }, better: null, warnings: [] });
    expect(placement.correlation).toBeGreaterThan(0.8);
  });

  it('a shift is found to a fraction of an ångström', async () => {
    const { better, correlation, warnings } = await look({ atoms: shifted([-14, 6, 9.5]) });
    expect(correlation).toBeLessThan(0.4);
    expect(better).toMatchObject({ kind: 'shift', cause: null });
    [14, -6, -9.5].forEach((expected, i) => expect(Math.abs((better?.shift[i] ?? NaN) - expected)).toBeLessThan(0.7));
    expect(warnings.at(-1)).toMatchObject({
      kind: 'placement.shift',
      message: expect.stringMatching(/moved by \(1[34]\.\d, -\d/) as string,
    });
  });

  it.each([
    ['ORIGIN', { originWords: [30, -20, 12] as const }, [-30, 20, -12], /ORIGIN in the header.*does not count it/],
    ['ORIGIN counted twice', { originWords: [30, -20, 12] as const }, [30, -20, 12], /ORIGIN.*twice/],
    ['NSTART', { start: [20, 10, -5] as const }, [-28, -14, 7], /NSTART in the header/],
    ['half the box', {}, [-39.2, -42, -44.8], /half the box: the model has its origin in the middle/],
  ] as const)('a shift is called by its name: %s', async (_, header, by, sentence) => {
    const { better, warnings } = await look({ ...header, atoms: shifted(by) });
    expect(better?.correlation).toBeGreaterThan(0.7);
    expect(warnings.at(-1)?.message).toMatch(sentence);
    by.forEach((value, i) => expect(better?.shift[i]).toBeCloseTo(-value, 5));
  });

  it.each([
    ['x', [1]],
    ['z', [3]],
    ['all axes', [1, 2, 3]],
  ] as const)('a map of the wrong hand is recognised, mirrored along %s', async (_, axes) => {
    const box = [55 * 1.4, 59 * 1.4, 63 * 1.4];
    const mirrors = new Set<number>(axes.map((axis) => axis - 1));
    const image = {
      ...atoms,
      positions: atoms.positions.map((v, i) => (mirrors.has(i % 3) ? (box[i % 3] ?? 0) - v : v)),
    };
    const { better, warnings } = await look({ map: await noisyMap(image) });
    expect(better?.kind).toBe('hand');
    expect(better?.correlation).toBeGreaterThan(0.7);
    expect(warnings.at(-1)).toMatchObject({
      kind: 'placement.hand',
      message: expect.stringMatching(/invert the hand/) as string,
    });
  });

  it('another molecule is said to be one', async () => {
    const { correlation, better, warnings } = await look({ atoms: wanderer(77) });
    expect({ better, kind: warnings.at(-1)?.kind }).toEqual({ better: null, kind: 'placement.correlation' });
    expect(warnings.at(-1)?.message).toMatch(
      new RegExp(`${correlation.toFixed(2)} at 8\\.0 Å, expected at least 0\\.3`),
    );
  });

  it('atoms outside the box are counted', async () => {
    const far = atoms.positions.slice();
    far.fill(500, 0, 90);
    const { outside, warnings } = await look({ atoms: { ...atoms, positions: far } });
    expect(outside).toEqual({ count: 30, share: 30 / 900 });
    expect(warnings[0]?.message).toMatch(/30 of 900 atoms \(3\.3 %\) lie outside the box/);
  });

  it('a model outside the box is refused, with the shift that would bring it in', async () => {
    const error = await failure(look({ atoms: shifted([300, 300, 300]), originWords: [-300, -300, -300] }));
    expect(error).toMatchObject({ kind: 'input.mismatch' });
    expect(error.message).toMatch(/every atom lies outside.*moved by \(-300\.0, -300\.0, -300\.0\) Å.*ORIGIN/);
  });

  it('one atom and an empty map are no reason to fail', async () => {
    const one = { ...randomAtoms(1, 30, 31, 1) };
    // It would fit in a thousand places, so that none is proposed.
    expect(await look({ atoms: one })).toMatchObject({ outside: { count: 0 }, better: null });
    const empty = new Float32Array(64 * 60 * 56);
    expect(await look({ map: empty })).toMatchObject({ correlation: 0, better: null });
  });
});

describe.skipIf(modelsMissing)('deposited models (needs ../shared/data/models)', () => {
  it('are told from their mirror images and from each other', async () => {
    const centred = async (name: string): Promise<Atoms> => {
      const model = (await readModel(`${modelsFolder}${name}`)).atoms;
      const sums = [0, 0, 0];
      model.positions.forEach((value, i) => (sums[i % 3] = (sums[i % 3] ?? 0) + value));
      const middle = [39, 42, 44].map((value, i) => value - (3 * (sums[i] ?? 0)) / model.positions.length);
      return { ...model, positions: model.positions.map((value, i) => value + (middle[i % 3] ?? 0)) };
    };
    const [mine, other] = [await centred('101M.pdb.gz'), await centred('1A8O.cif.gz')];
    const map = await noisyMap(mine);
    expect(await look({ atoms: mine, map })).toMatchObject({ better: null, warnings: [] });
    const image = { ...mine, positions: mine.positions.map((value, i) => (i % 3 === 2 ? 88 - value : value)) };
    expect((await look({ atoms: image, map })).better?.kind).toBe('hand');
    expect((await look({ atoms: other, map })).correlation).toBeLessThan(0.55);
  }, 60_000);
});
