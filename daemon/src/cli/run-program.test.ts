import { describe, expect, it } from 'vitest';
import { recipes } from '@chimerax-like/rpc';
import { Command } from 'commander';
import { addLocScaleOptions, givenOptions } from './options/commander.js';
import { featureGroups, featureOptions } from './options/feature-enhance.js';
import { recipeHelp } from './options/recipe-help.js';
import { featureRequest, sharpenRequest } from './options/request.js';
import { rewriteOptions } from './options/rewrite.js';
import { userFlag } from './options/spec.js';
import { surferOptions } from './options/surfer.js';
import { optionGroups, options } from './options/table.js';
import { runProgram } from './run-program.js';

/** Runs a command line in this process and returns what it said. None of these lines reaches a file or a daemon. */
async function run(line: string): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await runProgram(line.split(' ').filter(Boolean), {
    print: (text) => void out.push(text),
    note: (text) => void error.push(text),
    draw: (text) => void error.push(text),
    interactive: false,
    columns: () => 80,
  });
  return { code, out: out.join('\n'), error: error.join('\n') };
}

describe('one sentence for every incomplete or contradictory command line', () => {
  it.each([
    [
      '-mm r.mrc -ma m.mrc',
      2,
      'No map is given; give two half maps (-hm half1.mrc half2.mrc) or one map (-em map.mrc).',
    ],
    ['-hm a b -em c -mm r -ma m', 2, 'Both -hm and -em are given'],
    ['-hm a -mm r -ma m', 2, '-hm got 1 file, it takes exactly two'],
    ['-hm a b c -mm r -ma m', 2, '-hm got 3 files, it takes exactly two'],
    ['-hm a ./a -mm r -ma m', 2, '-hm got a twice'],
    ['-hm a b -ma m --form atomic', 2, '-mm is missing: --form atomic goes with a reference map'],
    ['-hm a b -mm r --no_reference', 2, 'Both -mm and --no_reference are given'],
    ['-hm a b --no_reference --form hybrid', 2, '--form hybrid needs a reference map'],
    [
      '-hm a b --no_reference --set_local_bfactor -1',
      2,
      '--set_local_bfactor -1 is not usable: give a number from 0 on in Å².',
    ],
    ['-hm a b -mm r -fdr 1', 2, '-fdr 1 is not usable: give a number between 0 and 1.'],
    ['-hm a b -mm r --noise_box 1,2', 2, '--noise_box 1,2 is not usable: give a voxel'],
    ['-hm a b -mm r --helical 10', 2, '--helical 10 is not usable: give 2 numbers as twist,rise.'],
    ['-hm a b -mm r --form best', 2, '--form best is not usable: give atomic or theoretical'],
    ['-em a -mm r -ma m -wn three', 2, '-wn three is not usable: give a whole number from 4 to 128.'],
    ['-em a -mm r -ma m -wn 2', 2, '-wn 2 is not usable'],
    ['-em a -mm r -ma m -np 0', 2, '-np 0 is not usable'],
    ['-em a -mm r -ma m -p 0', 2, '-p 0 is not usable: give a number above 0 in Å.'],
    ['-em', 2, 'Option -em, --emmap_path <map> has no value'],
    ['-em a b -mm r -ma m', 2, 'Too many arguments'],
    ['--no_such_option', 2, 'Unknown option'],
    ['frobnicate', 2, "Unknown command 'frobnicate'"],
    ['feature_enhance -ma m', 2, 'No map is given'],
    ['feature_enhance -em a -mc_it 1', 2, '-mc_it 1 is not usable: give a whole number from 2 to 1000.'],
    ['feature_enhance -em a -gpus zero', 2, '-gpus zero is not usable'],
    ['feature_enhance -em a -mm b', 2, 'Unknown option -mm'],
    ['-em a --model_path x --use_low_context_model', 2, 'Both --model_path and --use_low_context_model are given'],
    ['-em a --device tpu', 2, '--device tpu is not usable: give auto or cpu or cuda or webgpu.'],
    ['test', 8, 'run `locscale doctor`'],
    ['call no.such', 2, 'There is no method no.such'],
    ['call job.lst', 2, 'did you mean job.list?'],
    ['call job.changed', 2, 'is sent by the daemon'],
    ['call job.get [1]', 2, 'not a JSON object'],
  ])('locscale %s', async (line, code, sentence) => {
    const result = await run(line);
    expect(result.error).toContain(sentence);
    expect(result.error.split('\n')).toHaveLength(1);
    expect(result).toMatchObject({ code, out: '' });
  });

  it('prints the same error as one JSON object with --json', async () => {
    const { code, out, error } = await run('-hm a b -ma m --form atomic --json');
    const value = JSON.parse(out) as { ok: boolean; error: Record<string, unknown> };
    expect(value.ok).toBe(false);
    expect(value.error).toMatchObject({ kind: 'command-line.usage', exitCode: 2, details: {} });
    expect(value.error['message']).toContain('-mm is missing');
    expect(error).toBe('');
    expect(code).toBe(2);
  });
});

describe('options of LocScale', () => {
  it('has an option for every command-line name that a recipe declares', () => {
    const working = [...options, ...featureOptions, ...surferOptions]
      .filter((spec) => spec.availability === 'works')
      .map(userFlag);
    expect(recipeHelp().size).toBeGreaterThan(0);
    for (const flag of recipeHelp(Object.values(recipes)).keys()) expect(working).toContain(flag);
  });

  it.each([
    ['sharpen', options, ['mpi']],
    [
      'feature_enhance',
      featureOptions,
      ['filter_input', 'apply_fsc_filter', 'cube_size', 'model_path', 'download', 'mpi'],
    ],
  ] as const)('of %s have no name twice', (_, table, sameWord) => {
    const names = table.flatMap((spec) => [spec.name, ...(spec.short === null ? [] : [spec.short])]);
    // Those whose two names are the same word, as LocScale has them.
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual(sameWord);
  });
});

describe('command lines of LocScale’s tutorials', () => {
  it.each([
    ['-em emmap.mrc -mc model.pdb -res 3 -v -o model_based.mrc', 'model-based'],
    ['-hm half1.mrc half2.mrc -mc model.pdb -res 3 -v -o model_based.mrc -np 4', 'model-based'],
    ['-hm half1.mrc half2.mrc -mc model.cif -res 3.4 --skip_refine -sym C4 -o out.mrc', 'model-based'],
    ['-em emmap.mrc -mc part.pdb --complete_model -res 3 -v -o hybrid.mrc', 'hybrid'],
    ['-hm half1.mrc half2.mrc --build_using_pseudomodel -v -o pseudo.mrc', 'pseudo-model'],
    ['-em emmap.mrc -v -o model_free.mrc', 'model-free'],
    ['-em emmap.mrc -gpus 1 -v -o model_free.mrc', 'model-free'],
    ['-hm half1.mrc half2.mrc -gpus 0 1 -bs 16 -v', 'model-free'],
    ['feature_enhance -hm half1.mrc half2.mrc -v -o fem.mrc', 'feature-enhance'],
    ['feature_enhance -em emmap.mrc -gpus 0 -sym D2 -no_mc -v', 'feature-enhance'],
    ['feature_enhance -hm half1.mrc half2.mrc -ma mask.mrc -mc_it 5 -bs 8 -cube_size 32 -s 24', 'feature-enhance'],
  ])('locscale %s', (line, recipe) => {
    const [, isFem, rest = ''] = /^(feature_enhance )?(.*)$/.exec(line) ?? [];
    const table = isFem === undefined ? options : featureOptions;
    const command = addLocScaleOptions(new Command(), isFem === undefined ? optionGroups : featureGroups);
    command.exitOverride().parse(rewriteOptions(rest.split(' '), table), { from: 'user' });
    const understand = isFem === undefined ? sharpenRequest : featureRequest;
    const request = understand(givenOptions(command, table), '/data');
    expect(request.recipe).toBe(recipe);
    // What is said to have no effect, has none in LocScale either.
    expect(request.notes).toEqual([]);
  });
});

describe('help', () => {
  it('is what `locscale` alone prints, with exit code 1', async () => {
    const { code, out } = await run('');
    expect(code).toBe(1);
    expect(out).toContain('-hm, --halfmap_paths <half1> <half2>');
  });

  it('shows what works under the names users know', async () => {
    const { code, out } = await run('sharpen --help');
    expect(code).toBe(0);
    for (const spec of options.filter((each) => each.availability === 'works')) expect(out).toContain(userFlag(spec));
    expect(out).not.toContain('--halfmap-paths');
  });

  it('prints versions', async () => {
    expect((await run('--version')).code).toBe(0);
    const { out } = await run('version --json');
    expect(JSON.parse(out)).toMatchObject({ ok: true, node: process.versions.node });
  });
});
