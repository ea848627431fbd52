import {
  featureEnhance,
  hybrid,
  modelBased,
  modelFree,
  noReference,
  pseudoModel,
  type RecipeDescriptor,
  referenceMap,
} from '@chimerax-like/rpc';
import { CommandLineError } from '../command-line-error.js';
import type { Given } from './given.js';
import { networkReaders } from './network-options.js';

const usage = (sentence: string): CommandLineError => new CommandLineError('command-line.usage', sentence);

const forms = ['atomic', 'theoretical', 'hybrid', 'no-reference'] as const;

/** Options that say where the reference comes from; at most one may be given. */
const references = [
  ['model_map', '-mm'],
  ['model_coordinates', '-mc'],
  ['no_reference', '--no_reference'],
  ['build_using_pseudomodel', '--build_using_pseudomodel'],
] as const;

/** The mode that a command line asks for (models.md 10). */
export function chooseRecipe(given: Given): RecipeDescriptor {
  const named = references.filter(([name]) => given.path(name) !== undefined || given.on(name));
  const form = given.word('form', forms);
  const [first, second] = named;
  if (first !== undefined && second !== undefined)
    throw usage(
      `Both ${first[1]} and ${second[1]} are given, and each says where the reference comes from; leave one of them out${first[0] === 'model_map' && second[0] === 'no_reference' ? ', or choose the form with --form' : ''}.`,
    );
  const source = first?.[0] ?? (form === 'no-reference' ? 'no_reference' : undefined);
  checkModelSwitches(given, source);
  checkForm(given, source, form);
  switch (source) {
    case 'model_coordinates':
      return given.on('complete_model') ? hybrid : modelBased;
    case 'build_using_pseudomodel':
      return pseudoModel;
    case 'no_reference':
      return noReference;
    case 'model_map':
      return form === 'no-reference' ? noReference : referenceMap;
    case undefined:
      if (form !== undefined)
        throw usage(`-mm is missing: --form ${form} goes with a reference map; give -mm FILE.mrc.`);
      return modelFree;
  }
}

/** What is done with a model needs one. */
function checkModelSwitches(given: Given, source: string | undefined): void {
  for (const name of ['complete_model', 'skip_refine', 'activate_pseudomodel'])
    if (given.on(name) && source !== 'model_coordinates')
      throw usage(
        `--${name} says what to do with a model, and none is given; give one (-mc model.cif) or leave it out.`,
      );
  const other = given.on('skip_refine')
    ? 'skip_refine'
    : given.on('activate_pseudomodel')
      ? 'activate_pseudomodel'
      : null;
  if (given.on('complete_model') && other !== null)
    throw usage(
      `--complete_model and --${other} are given, but a completed model is always refined as what it is; leave one of them out.`,
    );
  if (given.on('skip_refine') && given.on('activate_pseudomodel'))
    throw usage(
      '--skip_refine and --activate_pseudomodel are given, but how atoms are refined means nothing without refinement; leave one of them out.',
    );
}

function checkForm(given: Given, source: string | undefined, form: (typeof forms)[number] | undefined): void {
  if (source === 'no_reference' && form !== undefined && form !== 'no-reference')
    throw usage(`--form ${form} needs a reference map (-mm), but --no_reference is given; leave one of them out.`);
  if ((source === 'no_reference' || form === 'no-reference') && given.path('difference_mask') !== undefined)
    throw usage('--difference_mask needs --form hybrid, but no reference is to be used; leave the mask out.');
  if (form !== undefined && (source === 'model_coordinates' || source === 'build_using_pseudomodel'))
    throw usage(
      `--form ${form} goes with a reference map (-mm); with atoms the form follows from them, leave --form out.`,
    );
}

/** The maps that a recipe takes besides the one to sharpen. */
export function namedPaths(given: Given, recipe: RecipeDescriptor): Readonly<Record<string, string>> {
  const paths: readonly (readonly [string, string | undefined])[] = [
    ['mask', given.path('mask')],
    ['reference', recipe === referenceMap ? given.path('model_map') : undefined],
    ['protect', recipe === featureEnhance ? given.path('protect') : undefined],
    ['differenceMask', recipe === referenceMap ? given.path('difference_mask') : undefined],
  ];
  return Object.fromEntries(paths.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** The models that a recipe takes. */
export function namedModels(given: Given): Readonly<Record<string, string>> {
  const model = given.path('model_coordinates');
  return model === undefined ? {} : { model };
}

/** LocScale has three names for the one method that does not follow the map. */
const pseudoModelMethods = ['gradient', 'kick', 'random', 'random_placement_with_kick'] as const;
const pseudoModelMethod = (given: Given): 'gradient' | 'kick' | undefined => {
  const method = given.word('pseudomodel_method', pseudoModelMethods);
  return method === undefined || method === 'gradient' ? method : 'kick';
};

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
  skipRefinement: ['--skip_refine', (given) => given.switch('skip_refine')],
  asPseudoModel: ['--activate_pseudomodel', (given) => given.switch('activate_pseudomodel')],
  refinementEngine: ['--refinement_engine', (given) => given.word('refinement_engine', ['built-in', 'servalcat'])],
  averagingWindow: ['-avg_w', (given) => given.whole('averaging_window', 1, 64)],
  maskThreshold: ['-th', (given) => given.positive('mask_threshold', 'parts of 1')],
  pseudoModelMethod: ['-pm', pseudoModelMethod],
  pseudoModelIterations: ['-pm_it', (given) => given.whole('total_iterations', 1, 100_000)],
  pseudoAtomDistance: ['-dst', (given) => given.positive('distance', 'Å')],
  molecularWeight: ['-mw', (given) => given.positive('molecular_weight', 'kDa')],
  ...networkReaders,
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
