import { readdir } from 'node:fs/promises';
import type { Grid } from '@chimerax-like/rpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { writeVolume } from '../../daemon/src/volumes/index.js';
import { hasMaps, mapsFolder } from '../volumes/helpers/shared-data.js';
import { blobCase, isInside, shape, type Triple } from '../native/pseudo-atom-cases.js';
import { Workplace, writeMap } from './locscale.js';

const voxelSize = 1.2;
const origin: Triple = [12, -30, 7.5];
const grid: Grid = {
  shape: [...shape],
  voxelSize: [voxelSize, voxelSize, voxelSize],
  origin: [...origin],
};
const { map, mask } = blobCase();
const maskVoxels = mask.filter((value) => value === 1).length;
let workplace: Workplace;

beforeAll(async () => {
  workplace = await Workplace.create();
  await writeVolume(workplace.path('map.mrc'), { grid, voxels: map });
  await writeVolume(workplace.path('half1.mrc'), { grid, voxels: map.map((v, i) => v + 0.01 * Math.sin(i)) });
  await writeVolume(workplace.path('half2.mrc'), { grid, voxels: map.map((v, i) => v - 0.01 * Math.sin(i)) });
  await writeVolume(workplace.path('mask.mrc'), { grid, voxels: mask });
  await writeMap(workplace.path('none.mrc'), grid, () => 0.4);
});
afterAll(() => workplace.close());

interface Found {
  readonly atoms: number;
  readonly iterations: number;
  readonly settled: boolean;
  readonly solver: string;
  readonly closest: number;
  readonly closeContacts: number;
  readonly inside: number;
  readonly warnings: readonly { readonly kind: string }[];
  readonly history: readonly { readonly energy: number; readonly meanStep: number; readonly closeContacts: number }[];
}

async function json(...args: readonly string[]): Promise<Found> {
  const { code, out, error } = await workplace.run('pseudo-model', ...args, '--json');
  expect({ code, error }, out).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Found;
}

describe('locscale pseudo-model', () => {
  it('fills the mask with atoms and writes them as mmCIF, marked, in the frame of the map', async () => {
    const found = await json('map.mrc', '-ma', 'mask.mrc', '-o', 'model.cif');
    const expected = Math.round(Math.round(0.06187131 * maskVoxels * voxelSize ** 3) / 1.55);
    expect(found).toMatchObject({
      ok: true,
      command: 'pseudo-model',
      atoms: expected,
      solver: 'settle',
      settled: true,
    });
    expect(found).toMatchObject({
      maskVoxels,
      inside: expected,
      closeContacts: 0,
      distance: 2,
      seed: 42,
      warnings: [],
    });
    expect(found.closest).toBeGreaterThanOrEqual(2);
    expect(found.history).toHaveLength(found.iterations + 1);
    const energies = found.history.map(({ energy }) => energy);
    expect(energies).toEqual([...energies].sort((a, b) => b - a));
    const { atoms, facts } = await readModel(workplace.path('model.cif'));
    expect(facts).toMatchObject({ atoms: expected, residues: expected, chains: 1, waters: 0 });
    expect([...new Set(atoms.compoundNames)]).toEqual(['DUM']);
    for (let i = 0; i < expected; i++) {
      const at = (nudge: number): Triple =>
        [0, 1, 2].map(
          (axis) => ((atoms.positions[3 * i + axis] ?? 0) - (origin[axis] ?? 0) + nudge) / voxelSize,
        ) as unknown as Triple;
      // Files have three decimals, and atoms may rest at the very face of a voxel.
      expect([-6e-4, 0, 6e-4].some((nudge) => isInside(mask, at(nudge)))).toBe(true);
    }
  });

  it('takes half maps, a weight, LocScale’s stepping and options, and says in words what it did', async () => {
    const args = '-hm half1.mrc half2.mrc -ma mask.mrc -mw 6 -pm gradient -pm_it 20 -dst 1.5 --compat locscale-2.3';
    const { code, out, error } = await workplace.run('pseudo-model', ...args.split(' '), '-o', 'stepped.cif');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(
      /stepped\.cif\n456 pseudo-atoms in [\d,]+ Å³ of mask, \d+ inside it\nnot at rest after 20 iter/,
    );
    expect(out).toMatch(
      /nearest neighbours: median \d\.\d\d Å, least \d\.\d\d Å; \d+ atoms nearer than 1\.5 Å\nmean of/,
    );
    const same = await json(...args.split(' '), '-o', 'again.cif');
    expect(same).toMatchObject({ atoms: 456, solver: 'locscale-steps', iterations: 20, settled: false, warnings: [] });
  });

  it.each(['random', 'kick', 'random_placement_with_kick'])('only drives atoms apart with -pm %s', async (name) => {
    const found = await json('map.mrc', '-ma', 'mask.mrc', '-pm', name, '-o', 'kicked.cif');
    expect(found).toMatchObject({ solver: 'kick', method: 'kick', distance: 1.2, settled: true, closeContacts: 0 });
  });

  it('warns when the atoms have not settled', async () => {
    const found = await json('map.mrc', '-ma', 'mask.mrc', '-pm_it', '3', '-o', 'early.cif');
    expect(found.settled).toBe(false);
    expect(found.warnings).toMatchObject([{ kind: 'pseudo-model.unsettled' }]);
  });

  const ordinary = ['map.mrc', '-ma', 'mask.mrc'];
  it.each([
    ['an empty mask', ['map.mrc', '-ma', 'none.mrc'], 'no.cif', 3, /No voxel of the mask reaches 0\.99/],
    [
      'too many atoms',
      [...ordinary, '-mw', '400'],
      'no.cif',
      2,
      /30441 atoms at the preferred distance would fill \d+ %/,
    ],
    ['a distance of 0', [...ordinary, '-dst', '0'], 'no.cif', 2, /-dst 0/],
    ['a negative weight', [...ordinary, '-mw', '-5'], 'no.cif', 2, /-mw/],
    ['another method', [...ordinary, '-pm', 'magic'], 'no.cif', 2, /-pm magic is not usable/],
    ['a PDB file as output', ordinary, 'no.pdb', 4, /ends in "\.pdb", expected \.cif, \.mmcif/],
    ['an input as output', ordinary, 'mask.mrc', 4, /ends in "\.mrc"/],
  ])('says in one sentence what is wrong with %s, and writes nothing', async (_, args, output, expected, sentence) => {
    const before = await readdir(workplace.folder);
    const { code, out, error } = await workplace.run('pseudo-model', ...args, '-o', output);
    expect({ code, out }, error).toEqual({ code: expected, out: '' });
    expect(error).toMatch(/^locscale: [^\n]*[^.]\.\n$/);
    expect(error).toMatch(sentence);
    expect(await readdir(workplace.folder)).toEqual(before);
  });
});

describe.skipIf(!hasMaps)('locscale pseudo-model on a real map (needs ../shared/data/maps)', () => {
  it('climbs the density and keeps the distance, where LocScale’s stepping does not', async () => {
    const set = `${mapsFolder}/01_emd32143_gpcr_gs`;
    const half = [`${set}/derived_half1.mrc.gz`, `${set}/derived_half2.mrc.gz`];
    const settled = await json('-hm', ...half, '-o', 'real.cif');
    expect(settled).toMatchObject({ settled: true, inside: settled.atoms, warnings: [] });
    expect(settled.closeContacts / settled.atoms).toBeLessThan(0.001);
    expect(settled.closest).toBeGreaterThan(1.95);
    expect(settled.history.at(-1)?.meanStep).toBeLessThan(0.004);
    const stepped = await json('-hm', ...half, '--compat', 'locscale-2.3', '-o', 'stepped.cif');
    expect(stepped.atoms).toBe(settled.atoms);
    expect(stepped.closeContacts / stepped.atoms).toBeGreaterThan(0.3);
    expect(stepped.history.at(-1)?.meanStep).toBeGreaterThan(0.5);
  }, 300_000);
});
