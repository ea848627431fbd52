import { readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { readVolume, writeVolume } from '../../daemon/src/volumes/index.js';
import { simulateModel } from '@locscale/native';
import { pdbText, type PdbAtom } from '../models/helpers/pdb.js';
import { largestDifference, randomNumbers } from '../native/helpers.js';
import { cube, Workplace } from './locscale.js';

const grid = { ...cube(36), origin: [12, -3, 7.5] as [number, number, number] };
let workplace: Workplace;

/** Atoms in a lopsided heap around a point. */
function heap(at: readonly [number, number, number], seed: number): readonly PdbAtom[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 150 }, (_, i) => ({
    number: String(i + 1),
    position: [at[0] + 22 * random() ** 2, at[1] + 12 * random(), at[2] + 6 * random()] as const,
    b: `${30 + (i % 40)}.00`,
  }));
}

beforeAll(async () => {
  workplace = await Workplace.create();
  writeFileSync(workplace.path('model.pdb.gz'), gzipSync(pdbText(heap([30, 10, 30], 4))));
  writeFileSync(workplace.path('shifted.pdb'), pdbText(heap([18, 13, 22.5], 4)));
  writeFileSync(workplace.path('far.pdb'), pdbText(heap([1030, 10, 30], 4)));
  writeFileSync(workplace.path('broken.cif'), "data_x\n_entry.id 'x\n");
  writeFileSync(workplace.path('none.pdb'), 'HEADER    NOTHING\nEND\n');
  const { atoms } = await readModel(workplace.path('model.pdb.gz'));
  const { map } = await simulateModel(atoms, grid, { resolution: 4 });
  await writeVolume(workplace.path('map.mrc'), { grid, voxels: map, labels: ['the map'] });
});
afterAll(() => workplace.close());

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { code, out, error } = await workplace.run('simulate', ...args, '--json');
  expect({ code, error }, out).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Record<string, unknown>;
};

describe('locscale simulate', () => {
  it('writes the map of a model on the grid of another map', async () => {
    const found = await json('model.pdb.gz', '--like', 'map.mrc', '-o', 'sim.mrc', '--resolution', '4');
    expect(found).toMatchObject({ ok: true, command: 'simulate', resolution: 4, warnings: [] });
    expect(found['model']).toMatchObject({ atoms: 150, models: 1, bFactors: [30, 69] });
    expect(found['placement']).toMatchObject({ outside: { count: 0 }, better: null });
    const [expected, seen] = [await readVolume(workplace.path('map.mrc')), await readVolume(workplace.path('sim.mrc'))];
    expect(seen.grid).toEqual(expected.grid);
    expect(largestDifference(seen.voxels, expected.voxels)).toBeLessThan(1e-6);
    expect(seen.header.labels.join()).toMatch(/simulated from model\.pdb\.gz/);
  });

  it('takes the model by LocScale’s option, a blur, and says in words what it did', async () => {
    const args = ['-mc', 'model.pdb.gz', '--like', 'map.mrc', '-o', 'blurred.mrc', '--blur', '200'];
    const { code, out, error } = await workplace.run('simulate', ...args);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(
      /blurred\.mrc\n150 atoms of model\.pdb\.gz, blur 200\.0 Å²\ncorrelation with .*: 1\.000 at 8\.0 Å\n/,
    );
  });

  it('says that a model ignores the origin of the map, and where it would fit', async () => {
    const found = await json('shifted.pdb', '--like', 'map.mrc', '-o', 'sim.mrc');
    expect(found['warnings']).toMatchObject([
      { kind: 'placement.shift', message: expect.stringMatching(/\(12\.0, -3\.0, 7\.5\) Å.*ORIGIN/) as string },
    ]);
  });

  it.each([
    ['a model far away', ['far.pdb', '--like', 'map.mrc'], 3, /every atom lies outside the box/],
    ['a file that is cut', ['broken.cif', '--like', 'map.mrc'], 3, /broken\.cif: line 2, column \d+: unterminated/],
    ['a file without atoms', ['none.pdb', '--like', 'map.mrc'], 3, /none\.pdb: the file holds no atoms/],
    ['no model', ['--like', 'map.mrc'], 2, /No model is given/],
    ['two models', ['a.pdb', 'b.pdb', '--like', 'map.mrc'], 2, /2 models are given/],
    ['no map', ['model.pdb.gz'], 2, /--like/],
    ['a map in place of the model', ['map.mrc', '--like', 'map.mrc'], 3, /is a map, but a model/],
    [
      'a blur that is too small',
      ['model.pdb.gz', '--like', 'map.mrc', '--blur', '-50'],
      2,
      /their sum must be at least 0/,
    ],
  ])('says in one sentence what is wrong with %s, and writes nothing', async (_, args, expected, sentence) => {
    const before = await readdir(workplace.folder);
    const { code, out, error } = await workplace.run('simulate', ...args, '-o', 'never.mrc');
    expect({ code, out }, error).toEqual({ code: expected, out: '' });
    expect(error).toMatch(/(^|\n)locscale: [^\n]*[^.]\.\n$/);
    expect(error).toMatch(sentence);
    expect(await readdir(workplace.folder)).toEqual(before);
  });

  it('never writes over the model or the map', async () => {
    const before = readFileSync(workplace.path('model.pdb.gz'));
    const { code, error } = await workplace.run('simulate', 'model.pdb.gz', '--like', 'map.mrc', '-o', 'model.pdb.gz');
    expect({ code }, error).toEqual({ code: 4 });
    expect(readFileSync(workplace.path('model.pdb.gz'))).toEqual(before);
  });
});
