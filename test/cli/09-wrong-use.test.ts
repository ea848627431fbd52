import { copyFile, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cube, noise, Workplace, writeMap } from './locscale.js';

const n = 32;
let workplace: Workplace;
beforeAll(async () => {
  workplace = await Workplace.create();
  const signal = (i: number): number =>
    Math.hypot(Math.floor(i / n / n) - 16, (Math.floor(i / n) % n) - 16, (i % n) - 16) < 7 ? 9 : 0;
  for (const seed of [1, 2]) {
    await writeMap(workplace.path(`noise${seed}.mrc`), cube(n), noise(seed));
    await writeMap(workplace.path(`half${seed}.mrc`), cube(n), (i) => signal(i) * (1 + noise(7)(i)) + noise(seed)(i));
    await writeMap(workplace.path(`inverted${seed}.mrc`), cube(n), (i) => noise(seed)(i) - signal(i));
  }
  await writeMap(workplace.path('reference.mrc'), cube(n), signal);
  await writeMap(workplace.path('mask.mrc'), cube(n), (i) => Number(signal(i) > 0));
  await writeMap(workplace.path('empty.mrc'), cube(n), () => 0);
  await writeMap(workplace.path('soft.mrc'), cube(n), (i) => (signal(i) > 0 ? 0.6 : 0));
  await writeMap(workplace.path('small.mrc'), cube(24), noise(4));
  for (const name of ['out_mask', 'out_bfactor', 'out_qfit'])
    await copyFile(workplace.path('mask.mrc'), workplace.path(`${name}.mrc`));
  await copyFile(workplace.path('mask.mrc'), workplace.path('out_audit.json'));
});
afterAll(() => workplace.close());

const halves = '-hm half1.mrc half2.mrc';
const all = `${halves} -mm reference.mrc -ma mask.mrc`;

/** The exit code says whose fault it was; the sentence has the value seen and the next step; nothing is written. */
async function refused(line: string, code: number, sentence: RegExp): Promise<void> {
  const found = await workplace.run(...line.split(' '), '-o', 'out.mrc');
  expect({ code: found.code, out: found.out }, found.error).toEqual({ code, out: '' });
  const said = found.error.replaceAll(/^ *\d+ % .*\n/gm, '').replaceAll(/^Note: .*\n/gm, '');
  expect(said).toMatch(/^locscale: [^\n]*[^.]\.\n$/);
  expect(said).toMatch(sentence);
  expect(existsSync(workplace.path('out.mrc'))).toBe(false);
  expect(existsSync(workplace.path('out.locscale.json'))).toBe(false);
}

describe('a command line that contradicts itself is refused before anything is read', () => {
  it.each([
    [
      `${halves} --no_reference --form theoretical`,
      /--form theoretical needs a reference map .* leave one of them out/,
    ],
    [`${all} --no_reference`, /Both -mm and --no_reference/],
    [`${halves} --no_reference --difference_mask mask.mrc`, /--difference_mask needs --form hybrid/],
    [`${halves} --form hybrid`, /-mm is missing/],
    [`${all} --form best`, /--form best .* atomic or theoretical or hybrid or no-reference/],
    [`${all} --profile cube`, /--profile cube .* octant or shell/],
    [`${all} --compat relion`, /--compat relion .* locscale-2\.3/],
    [`${all} --set_local_bfactor -5`, /-5/],
    [`${all} --boost_secondary_structure 0.5`, /0\.5 .* from 1 on/],
    [`${halves} --no_reference -fdr 1`, /-fdr 1 .* between 0 and 1/],
    [`${halves} --no_reference --noise_box 1,2`, /three whole numbers z,y,x/],
    [`${halves} --no_reference --wilson_cutoff none`, /none/],
  ])('%s', (line, sentence) => refused(line, 2, sentence));
});

describe.each([
  ['daemon', ''],
  ['in process', ' --no-daemon'],
])('%s: what only the maps can tell', (_, route) => {
  it.each([
    [`${all} --form hybrid`, 3, /hybrid form needs a difference mask/],
    [`${all} --difference_mask mask.mrc`, 2, /the form is atomic, expected hybrid/],
    [`${all} --form hybrid --difference_mask small.mrc`, 3, /difference mask has 24 × 24 × 24/],
    ['-em half1.mrc --no_reference --apply_fsc_filter', 2, /needs two half maps, and one map is given/],
    [`${halves} --no_reference -ma empty.mrc`, 3, /No voxel of the mask reaches 0\.99.* a mask that is 1 inside/],
    [`${halves} -mm reference.mrc -ma empty.mrc`, 3, /No voxel of the mask reaches 0\.5/],
    [`${halves} --no_reference -ma soft.mrc`, 3, /No voxel of the mask reaches 0\.99.* --wilson_cutoff/],
    ['-hm noise1.mrc noise2.mrc --no_reference', 3, /No voxel of the map reaches a confidence of 0\.99.*--noise_box/],
    ['-hm inverted1.mrc inverted2.mrc --no_reference', 3, /multiply the map by -1/],
    [`${halves} --no_reference --noise_box 4,4,40`, 2, /noise box of 4 voxels around \(4, 4, 40\) leaves the map/],
    [`${halves} --no_reference --wilson_cutoff 3 --ref_resolution 6`, 2, /0 frequency bins between 3 and 6/],
    [`${all} -sym Q4`, 2, /symmetry "Q4" is not known/],
    [`${halves} -mm reference.mrc -ma out_mask.mrc`, 4, /out_mask\.mrc is the input/],
    [`${halves} -mm reference.mrc -ma out_bfactor.mrc --form theoretical`, 4, /out_bfactor\.mrc is the input/],
    [`${halves} -mm reference.mrc -ma out_qfit.mrc --form theoretical`, 4, /out_qfit\.mrc is the input/],
    [`${halves} -mm reference.mrc -ma out_audit.json --audit`, 4, /out_audit\.json is the input/],
  ] as const)('%s', async (line, code, sentence) => {
    const before = await readFile(workplace.path('mask.mrc'));
    await refused(line + route, code, sentence);
    for (const name of ['out_mask.mrc', 'out_bfactor.mrc', 'out_qfit.mrc', 'out_audit.json'])
      expect((await readFile(workplace.path(name))).equals(before)).toBe(true);
  });
});

it('options that mean nothing without a reference are accepted with a note', async () => {
  const options = '-sym C4 --measure_bfactors --boost_secondary_structure 2';
  const line = `${halves} --no_reference -ma mask.mrc --wilson_cutoff 9 --ref_resolution 3.5 ${options} -o note.mrc --no-daemon`;
  const { code, error } = await workplace.run(...line.split(' '));
  expect(code, error).toBe(0);
  for (const option of ['-sym', '--measure_bfactors', '--boost_secondary_structure'])
    expect(error).toContain(`Note: ${option} has no effect without a reference map.`);
});
