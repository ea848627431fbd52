import { noReference, type RecipeDescriptor, referenceMap } from '@chimerax-like/rpc';
import { CommandLineError } from '../command-line-error.js';
import type { Given } from './given.js';

const usage = (sentence: string): CommandLineError => new CommandLineError('command-line.usage', sentence);

const forms = ['atomic', 'theoretical', 'hybrid', 'no-reference'] as const;

/** The mode that a command line asks for. */
export function chooseRecipe(given: Given): RecipeDescriptor {
  const reference = given.path('model_map') !== undefined;
  const without = given.on('no_reference');
  const form = given.word('form', forms);
  if (reference && without)
    throw usage('Both -mm and --no_reference are given; leave one of them out, or choose the form with --form.');
  if (without && form !== undefined && form !== 'no-reference')
    throw usage(`--form ${form} needs a reference map (-mm), but --no_reference is given; leave one of them out.`);
  if ((without || form === 'no-reference') && given.path('difference_mask') !== undefined)
    throw usage('--difference_mask needs --form hybrid, but no reference is to be used; leave the mask out.');
  if (without || form === 'no-reference') return noReference;
  if (reference) return referenceMap;
  throw usage(
    '-mm is missing: this version needs a reference map on the same grid; give -mm FILE.mrc, or scale without one (--no_reference).',
  );
}

/** The files that a recipe takes besides the map itself. */
export function namedPaths(given: Given, recipe: RecipeDescriptor): Readonly<Record<string, string>> {
  const paths: readonly (readonly [string, string | undefined])[] = [
    ['mask', given.path('mask')],
    ['reference', recipe === referenceMap ? given.path('model_map') : undefined],
    ['differenceMask', recipe === referenceMap ? given.path('difference_mask') : undefined],
  ];
  return Object.fromEntries(paths.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** How each option becomes a parameter of the recipes. */
const readers: Readonly<Record<string, readonly [option: string, read: (given: Given) => unknown]>> = {
  windowSize: ['-wn', (given) => given.whole('window_size', 4, 128)],
  voxelSize: ['-p', (given) => given.positive('apix', 'Å')],
  threads: ['-np', (given) => given.whole('number_processes', 1, 1024)],
  profile: ['--profile', (given) => given.word('profile', ['octant', 'shell'])],
  fscFilter: ['--apply_fsc_filter', (given) => given.switch('apply_fsc_filter')],
  compatibility: ['--compat', (given) => given.word('compat', ['locscale-2.3'])],
  symmetry: ['-sym', (given) => given.text('symmetry')],
  helix: ['--helical', (given) => given.numbers('helical', 'twist,rise')],
  symmetryCentre: ['--centre', (given) => given.numbers('centre', 'z,y,x')],
  forceSymmetry: ['--force_symmetry', (given) => given.switch('force_symmetry')],
  falseDiscoveryRate: ['-fdr', (given) => given.share('fdr_threshold')],
  noiseWindow: ['-fdr_w', (given) => given.whole('fdr_window_size', 2, 1024)],
  noiseBox: ['--noise_box', (given) => given.voxel('noise_box')],
  maskFilter: ['-fdr_f', (given) => given.positive('fdr_filter', 'Å')],
  resolution: ['-res', (given) => given.positive('ref_resolution', 'Å')],
  wilsonCutoff: ['--wilson_cutoff', (given) => given.positive('wilson_cutoff', 'Å')],
  form: ['--form', (given) => given.word('form', forms)],
  referenceResolution: ['-mres', (given) => given.positive('model_resolution', 'Å')],
  measureBfactors: ['--measure_bfactors', (given) => given.switch('measure_bfactors')],
  boost: ['--boost_secondary_structure', (given) => given.atLeast('boost_secondary_structure', 1, '')],
  localResolution: ['--local_resolution', (given) => given.switch('local_resolution')],
  localCutoff: ['--local_cutoff', (given) => given.switch('local_cutoff')],
  localFilter: ['--local_filter', (given) => given.switch('local_filter')],
  report: ['--print_report', (given) => given.switch('print_report')],
  reportName: ['--report_filename', (given) => given.text('report_filename')],
  audit: ['--audit', (given) => given.switch('audit')],
  smoothFactor: ['-smooth', (given) => given.positive('smooth_factor', '1/Å')],
  targetBfactor: ['--set_local_bfactor', (given) => given.atLeast('set_local_bfactor', 0, 'Å²')],
};

export interface RecipeParameters {
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Options that were given and mean nothing to this recipe. */
  readonly unused: readonly string[];
}

/** The parameters that a command line gives, for the recipe that it asks for. */
export function recipeParameters(given: Given, { parameters: schema }: RecipeDescriptor): RecipeParameters {
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const parameters: Record<string, unknown> = {};
  const unused: string[] = [];
  for (const [name, [flag, read]] of Object.entries(readers)) {
    const value = read(given);
    if (value === undefined) continue;
    if (known.includes(name)) parameters[name] = value;
    else if (name !== 'form') unused.push(flag);
  }
  return { parameters, unused };
}
