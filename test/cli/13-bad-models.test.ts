import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { simulateModel } from '@locscale/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/src/models/index.js';
import { writeVolume } from '../../daemon/src/volumes/index.js';
import { cifRow, cifTags, cifText, pdbText, type PdbAtom } from '../models/helpers/pdb.js';
import { wanderer, wandererGrid } from '../models/helpers/wanderer.js';
import { randomNumbers } from '../native/helpers.js';
import { normal } from '../refinement/simulated.js';
import { type Finished, Workplace } from './locscale.js';
import { runHere } from './run-here.js';

const grid = wandererGrid;
let workplace: Workplace;

/** A chain through the box, B-factors rising along x; another seed gives another molecule. */
function molecule(seed: number): readonly PdbAtom[] {
  const { positions, elements } = wanderer(seed);
  return Array.from(elements, (_, i) => {
    const [x = 0, y = 0, z = 0] = positions.subarray(3 * i, 3 * i + 3);
    return { number: String(i + 1), position: [x, y, z], b: (30 + x / 2).toFixed(2) };
  });
}

/** Every way in which a model can be useless, by the name of its file. */
const files: Readonly<Record<string, () => string>> = {
  'other.pdb': () => pdbText(molecule(77)),
  'none.pdb': () => 'HEADER    NOTHING\nEND\n',
  'none.cif': () => 'data_x\n_entry.id x\n',
  'zero.pdb': () => pdbText(molecule(5).map((atom) => ({ ...atom, b: '0.00' }))),
  'nan.cif': () => cifText(cifTags, [cifRow(), cifRow({ id: '2', Cartn_y: 'nan' })]),
  'nan.pdb': () => pdbText(molecule(5)).replace(/^(.{30}).{8}/, '$1     nan'),
  'far.pdb': () => pdbText(molecule(5).map((atom) => ({ ...atom, position: [900, 900, 900] }))),
  'one.pdb': () => pdbText(molecule(5).slice(0, 1)),
  'broken.cif': () => `${cifText(cifTags, [cifRow()])}_cell.length_a 'x\n`,
};

beforeAll(async () => {
  workplace = await Workplace.create();
  // Commands run in this process keep their results here.
  process.env['LOCSCALE_HOME'] = workplace.path('home');
  const path = workplace.path('right.pdb');
  writeFileSync(path, pdbText(molecule(5)));
  for (const [name, text] of Object.entries(files)) writeFileSync(workplace.path(name), text());
  const { map } = await simulateModel((await readModel(path)).atoms, grid);
  await writeVolume(workplace.path('mask.mrc'), { grid, voxels: map.map((value) => (value > 0.3 ? 1 : 0)) });
  const random = randomNumbers(9);
  for (const name of ['half1.mrc', 'half2.mrc'])
    await writeVolume(workplace.path(name), { grid, voxels: map.map((value) => value + 0.05 * normal(random)) });
});
afterAll(async () => {
  Reflect.deleteProperty(process.env, 'LOCSCALE_HOME');
  await workplace.close();
});

/** What the commands say of each: exit code and sentence; 0: done, with a warning. */
const cases: readonly (readonly [file: string, code: number, sentence: RegExp])[] = [
  [
    'other.pdb',
    0,
    /other\.pdb: the correlation of model and map inside the model's mask is -?0\.\d\d at .* expected at least 0\.3; check/,
  ],
  ['none.pdb', 3, /^none\.pdb: the file holds no atoms/],
  ['none.cif', 3, /^none\.cif: the file holds no atoms/],
  ['zero.pdb', 0, /zero\.pdb: every atom has the B-factor 0 Å²/],
  ['nan.cif', 3, /^nan\.cif: the y coordinate of atom CA of ALA 1 in chain A is not a number/],
  ['nan.pdb', 3, /^nan\.pdb: /],
  ['far.pdb', 3, /^far\.pdb: every atom lies outside the box of the map, but the model must lie in it/],
  // One atom where the map has density is little, but not wrong.
  ['one.pdb', 0, /one\.pdb: the (refined B-factors lie between|correlation of)|^$/],
  ['broken.cif', 3, /^broken\.cif: line 20, column \d+: unterminated 'string'/],
];

const place = (name: string): string => workplace.path(name);
const halves = (): readonly string[] => ['-hm', place('half1.mrc'), place('half2.mrc')];

const commands: readonly (readonly [name: string, run: (model: string) => Promise<Finished>])[] = [
  ['simulate', (model) => runHere('simulate', model, '--like', place('half1.mrc'), '-o', `${model}.mrc`)],
  [
    'refine-adp',
    (model) => runHere('refine-adp', model, ...halves(), '--resolution', '4', '-o', `${model}.refined.cif`),
  ],
  [
    '-hm -mc -v',
    (model) =>
      runHere(...halves(), '-mc', model, '-ma', place('mask.mrc'), '-o', `${model}.sharp.mrc`, '-v', '--no-daemon'),
  ],
];

describe.each(commands)('locscale %s with a model that', (_, run) => {
  it.each(cases)('is %s', async (file, code, sentence) => {
    const before = readdirSync(workplace.folder);
    const model = readFileSync(place(file));
    const finished = await run(place(file));
    expect(finished.code, finished.error).toBe(code);
    const said = finished.error.split('\n').filter((line) => /^(locscale|Warning \([a-z.-]+\)): /.test(line));
    const sentences = said.map((line) => line.replace(/^(locscale|Warning[^:]*): /, ''));
    expect(
      (sentences.length === 0 ? [''] : sentences).some((line) => sentence.test(line)),
      finished.error,
    ).toBe(true);
    // What is refused is one sentence, writes nothing and touches nothing.
    if (code !== 0) expect([sentences.length, finished.out]).toEqual([1, '']);
    if (code !== 0) expect(readdirSync(workplace.folder)).toEqual(before);
    expect(readFileSync(place(file)).equals(model)).toBe(true);
  });
});
