import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { averageBFactors, bFactorShift, simulateModel } from '@locscale/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { writeVolume } from '../../daemon/src/volumes/index.js';
import { pdbText, type PdbAtom } from '../models/helpers/pdb.js';
import { randomNumbers } from '../native/helpers.js';
import { pearson } from './pearson.js';
import { normal } from '../refinement/simulated.js';
import { voxelsOf } from './golden.js';
import { cube, type Finished, Workplace } from './locscale.js';

const n = 48;
const grid = cube(n);
/** Å: voxel n/2, about which the molecule has the symmetry D2. */
const centre = (n / 2) * grid.voxelSize[0];

/** Four copies of a lump of atoms by the 2-folds along z and x; B-factors rise with the distance from the centre. */
function molecule(bOf: (radius: number) => number): readonly PdbAtom[] {
  const random = randomNumbers(11);
  const lump = Array.from({ length: 160 }, () => {
    const [z, angle, radius] = [2 * random() - 1, 2 * Math.PI * random(), 8 * Math.cbrt(random())];
    const flat = radius * Math.sqrt(1 - z * z);
    return [9 + flat * Math.cos(angle), 4 + flat * Math.sin(angle), 6 + radius * z] as const;
  });
  const signs = [
    [1, 1, 1],
    [-1, -1, 1],
    [1, -1, -1],
    [-1, 1, -1],
  ] as const;
  return signs.flatMap((sign, copy) =>
    lump.map(([x, y, z], i) => ({
      chain: 'ABCD'.charAt(copy),
      number: String(i + 1),
      position: [centre + sign[0] * x, centre + sign[1] * y, centre + sign[2] * z] as const,
      b: bOf(Math.hypot(x, y, z))
        .toFixed(2)
        .padStart(6),
    })),
  );
}

let workplace: Workplace;
const trueB = (radius: number): number => 30 + 5 * radius;

beforeAll(async () => {
  workplace = await Workplace.create();
  const flat = molecule(() => 40);
  writeFileSync(workplace.path('true.pdb'), pdbText(molecule(trueB)));
  writeFileSync(workplace.path('model.pdb'), pdbText(flat));
  writeFileSync(workplace.path('partial.pdb'), pdbText(flat.slice(0, 320)));
  writeFileSync(workplace.path('one.pdb'), pdbText(flat.slice(0, 1)));
  writeFileSync(workplace.path('none.pdb'), 'HEADER    NOTHING\nEND\n');
  writeFileSync(
    workplace.path('far.pdb'),
    pdbText(flat.map((atom) => ({ ...atom, position: [900, 900, 900] as const }))),
  );
  writeFileSync(workplace.path('broken.cif'), "data_x\n_entry.id 'x\n");
  const { atoms } = await readModel(workplace.path('true.pdb'));
  const { map } = await simulateModel(atoms, grid);
  // The reference that LocScale would make if it found the true B-factors: averaged over 25 Å, less their 1 % quantile.
  const smooth = await averageBFactors(atoms, 25);
  const shift = await bFactorShift(smooth);
  const ideal = await simulateModel({ ...atoms, bFactors: smooth.map((b) => Math.max(0, b - shift)) }, grid);
  await writeVolume(workplace.path('truth.mrc'), { grid, voxels: ideal.map });
  const random = randomNumbers(3);
  const halves = [0, 1].map(() => map.map((value) => value + 0.04 * normal(random)));
  for (const [i, voxels] of halves.entries()) await writeVolume(workplace.path(`half${i + 1}.mrc`), { grid, voxels });
  const full = map.map((_, i) => ((halves[0]?.[i] ?? 0) + (halves[1]?.[i] ?? 0)) / 2);
  await writeVolume(workplace.path('full.mrc'), { grid, voxels: full });
  await run('-hm half1.mrc half2.mrc -mm truth.mrc -o ideal.mrc');
});
afterAll(() => workplace.close());

async function run(line: string): Promise<Finished> {
  const finished = await workplace.run(...line.split(' '));
  expect(finished.code, finished.error).toBe(0);
  return finished;
}

const record = (stem: string): Record<string, unknown> =>
  JSON.parse(readFileSync(workplace.path(`${stem}.locscale.json`), 'utf8')) as Record<string, unknown>;

/** Correlation with the map that the true reference leads to, over the voxels that `chosen` keeps. */
async function likeness(stem: string, chosen: (i: number) => boolean = () => true): Promise<number> {
  const [ideal, found] = [await voxelsOf(workplace.path('ideal.mrc')), await voxelsOf(workplace.path(`${stem}.mrc`))];
  const where = [...ideal.keys()].filter((i) => ideal[i] !== 0 && chosen(i));
  expect(where.length).toBeGreaterThan(50);
  return pearson(ideal, found, where);
}

/** Where each result of a run came from. */
const origins = (stem: string): Readonly<Record<string, string>> =>
  Object.fromEntries((record(stem)['steps'] as { name: string; from: string }[]).map(({ name, from }) => [name, from]));

describe('scaling against atoms, with the command lines of LocScale’s tutorials', () => {
  it('a model whose B-factors are not known', async () => {
    const line = '-hm half1.mrc half2.mrc -mc model.pdb -v -o model_based_locscale.mrc';
    const { error } = await run(line);
    expect(await likeness('model_based_locscale')).toBeGreaterThan(0.98);
    for (const file of ['_reference.mrc', '_mask.mrc', '_model.cif'])
      expect(error).toContain(`model_based_locscale${file}`);
    const refined = await readModel(workplace.path('model_based_locscale_model.cif'));
    expect(refined.facts.atoms).toBe(640);
    expect(refined.facts.bFactors[1] - refined.facts.bFactors[0]).toBeGreaterThan(20);
    const { placement, refinement, recipe, inputs } = record('model_based_locscale');
    expect(recipe).toBe('model-based');
    expect(placement).toMatchObject({ outside: { count: 0 }, better: null });
    expect(refinement).toMatchObject({ engine: 'built-in', outside: 0 });
    expect((inputs as Record<string, object>)['model']).toMatchObject({ path: workplace.path('model.pdb') });
    // The same again, and from another folder of results: nothing is refined twice.
    await run('-hm half1.mrc half2.mrc -mc model.pdb -o again.mrc --no-daemon');
    expect(origins('again')).toMatchObject({ scaleWindows: 'store', refineAdp: 'store', checkPlacement: 'store' });
    expect(await voxelsOf(workplace.path('again.mrc'))).toEqual(
      await voxelsOf(workplace.path('model_based_locscale.mrc')),
    );
  });

  it('one map, a model and its symmetry', async () => {
    await run('-em full.mrc -mc model.pdb -v -sym D2 -o out.mrc');
    expect(await likeness('out')).toBeGreaterThan(0.97);
    expect(record('out')['symmetry']).toMatchObject({ holds: true });
    const { error, code } = await workplace.run(...'-em full.mrc -mc model.pdb -sym C3 -o wrong.mrc'.split(' '));
    expect(code).not.toBe(0);
    expect(error).toMatch(/C3/);
    expect(existsSync(workplace.path('wrong.mrc'))).toBe(false);
  });

  it('a partial model that pseudo-atoms complete', async () => {
    await run('-hm half1.mrc half2.mrc -mc partial.pdb -v -o hybrid.mrc --complete_model');
    await run('-hm half1.mrc half2.mrc -mc partial.pdb -v -o partial.mrc');
    const difference = await voxelsOf(workplace.path('hybrid_difference_mask.mrc'));
    const missing = (i: number): boolean => (difference[i] ?? 0) > 0;
    expect(await likeness('hybrid', missing)).toBeGreaterThan(await likeness('partial', missing));
    const { pseudoModel, difference: found } = record('hybrid') as Record<string, Record<string, number>>;
    expect(found?.['voxels']).toBe(difference.filter((value) => value > 0).length);
    const { atoms, facts } = await readModel(workplace.path('hybrid_model.cif'));
    expect(facts.atoms).toBe(320 + (pseudoModel?.['atoms'] ?? NaN));
    // Pseudo-atoms are marked, in a chain of their own behind the model's.
    expect(atoms.compoundNames).toEqual(['ALA', 'DUM']);
    expect(atoms.chains).toEqual(['A', 'B', 'P']);
  });

  it('pseudo-atoms alone', async () => {
    await run('-hm half1.mrc half2.mrc -v -o pm.mrc --build_using_pseudomodel');
    expect(await likeness('pm')).toBeGreaterThan(0.9);
    expect(record('pm')['pseudoModel']).toMatchObject({ settled: true, closeContacts: 0 });
    await run('-hm half1.mrc half2.mrc -o few.mrc --build_using_pseudomodel -mw 3 -pm kick -pm_it 40 -dst 1.5');
    expect(record('few')['pseudoModel']).toMatchObject({ atoms: 228, solver: 'kick' });
  });
});

describe('what is done with a model', () => {
  it('nothing but simulating it: its B-factors as they are', async () => {
    await run('-hm half1.mrc half2.mrc -mc true.pdb -o as-is.mrc --skip_refine');
    await run('simulate true.pdb --like full.mrc -o own.mrc');
    await run('-hm half1.mrc half2.mrc -mm own.mrc -o own-reference.mrc');
    expect(await voxelsOf(workplace.path('as-is_reference.mrc'))).toEqual(await voxelsOf(workplace.path('own.mrc')));
    expect(await voxelsOf(workplace.path('as-is.mrc'))).toEqual(await voxelsOf(workplace.path('own-reference.mrc')));
    expect(record('as-is')['refinement']).toBeUndefined();
    expect(existsSync(workplace.path('as-is_model.cif'))).toBe(false);
  });

  it('refined as if it were pseudo-atoms', async () => {
    await run('-hm half1.mrc half2.mrc -mc model.pdb -o loose.mrc --activate_pseudomodel');
    expect(await likeness('loose')).toBeGreaterThan(0.98);
  });

  it('says what has no effect', async () => {
    const { error } = await run('-hm half1.mrc half2.mrc -mc model.pdb -o noted.mrc -ref_it 5 -pm_it 7');
    expect(error).toMatch(/-ref_it, --refmac_iterations has no effect: refinement goes on until it has converged/);
    expect(error).toMatch(/-pm_it has no effect in the mode model-based/);
  });
});

describe('models and options that do not go together, or nowhere', () => {
  const halves = '-hm half1.mrc half2.mrc';
  it.each([
    [`${halves} --complete_model`, 2, /--complete_model .* none is given; give one \(-mc model\.cif\)/],
    [`${halves} --no_reference --skip_refine`, 2, /--skip_refine says what to do with a model/],
    [`${halves} -mc model.pdb -mm truth.mrc`, 2, /Both -mm and -mc/],
    [`${halves} -mc model.pdb --build_using_pseudomodel`, 2, /Both -mc and --build_using_pseudomodel/],
    [`${halves} -mc model.pdb --complete_model --skip_refine`, 2, /--complete_model and --skip_refine/],
    [`${halves} -mc model.pdb --skip_refine --activate_pseudomodel`, 2, /--skip_refine and --activate_pseudomodel/],
    [`${halves} -mc model.pdb --form hybrid`, 2, /--form hybrid goes with a reference map/],
    [`${halves} -mc model.pdb --complete_model -th 2`, 2, /maskThreshold is 2: expected number to be <=1/],
    [`${halves} -mc missing.pdb`, 3, /missing\.pdb does not exist, but a model file is expected/],
    [`${halves} -mc full.mrc`, 3, /full\.mrc .* PDB or mmCIF/],
    [`${halves} -mc none.pdb`, 3, /none\.pdb: the file holds no atoms/],
    [`${halves} -mc broken.cif`, 3, /broken\.cif.* line 2/],
    [`${halves} -mc far.pdb`, 3, /far\.pdb: every atom lies outside the box/],
    [`${halves} -mc model.pdb --complete_model -ma whole.mrc`, 3, /whole\.mrc/],
  ])('%s', async (line, code, sentence) => {
    const found = await workplace.run(...line.split(' '), '-o', 'refused.mrc');
    expect({ code: found.code, out: found.out }, found.error).toEqual({ code, out: '' });
    expect(found.error).toMatch(sentence);
    expect(existsSync(workplace.path('refused.mrc'))).toBe(false);
    expect(existsSync(workplace.path('refused_reference.mrc'))).toBe(false);
  });

  it('a model that covers the whole mask leaves nothing to complete', async () => {
    const found = await workplace.run(...`${halves} -mc model.pdb --complete_model -o refused.mrc -res 20`.split(' '));
    expect(found.code).not.toBe(0);
    expect(found.error).toMatch(/nothing is left to complete; leave --complete_model out/);
  });
});
