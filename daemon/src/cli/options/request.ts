import { resolve } from 'node:path';
import { featureEnhance, noReference, type RecipeDescriptor, referenceMap } from '@chimerax-like/rpc';
import { CommandLineError } from '../command-line-error.js';
import { featureOptions } from './feature-enhance.js';
import { Given } from './given.js';
import { chooseRecipe, namedModels, namedPaths, recipeParameters } from './recipe-request.js';
import { optionKey, userFlag, type OptionSpec } from './spec.js';
import { options } from './table.js';

/** Written in the current directory when -o is not given; LocScale's names. */
const defaultOutfile = 'locscale_output.mrc';
const defaultEnhanced = 'feature_enhanced_output.mrc';

/** Values as commander hands them over, by option key. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** What to sharpen, how, and where to write: the command line understood, all paths absolute. */
export interface SharpenRequest {
  readonly recipe: string;
  /** Files by the names of the recipe's inputs. */
  readonly inputs: Readonly<Record<string, string | readonly [string, string]>>;
  /** Model files by the names of the recipe's inputs. */
  readonly models: Readonly<Record<string, string>>;
  /** Named as in the recipe; what was not given is left to its defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Map to write; side files carry its stem (docs/command-line.md). */
  readonly output: string;
  /** `ranks`: with the other processes that a launcher has started, in process where there are none. */
  readonly route: 'daemon' | 'in-process' | 'ranks';
  readonly verbose: boolean;
  readonly json: boolean;
  /** Sentences about options that were accepted without effect. */
  readonly notes: readonly string[];
}

/** Understands the options of the sharpening command, or says in one sentence what is missing, contradictory or unusable. */
export const sharpenRequest = (parsed: ParsedOptions, currentDirectory: string): SharpenRequest =>
  requestOf(parsed, currentDirectory, options, chooseRecipe, defaultOutfile);

/** The same for `feature_enhance`. */
export const featureRequest = (parsed: ParsedOptions, currentDirectory: string): SharpenRequest =>
  requestOf(parsed, currentDirectory, featureOptions, () => featureEnhance, defaultEnhanced);

function requestOf(
  parsed: ParsedOptions,
  currentDirectory: string,
  table: readonly OptionSpec[],
  choose: (given: Given) => RecipeDescriptor,
  outfile: string,
): SharpenRequest {
  const specs = table.filter((spec) => parsed[optionKey(spec)] !== undefined);
  // Readers of parameters ask for every option that any command has.
  const given = new Given(parsed, [...options, ...featureOptions, ...table], currentDirectory);
  const source = sharpenSource(parsed['halfmapPaths'], given.path('emmap_path'), currentDirectory);
  const recipe = choose(given);
  const { parameters, unused } = recipeParameters(given, recipe);
  const ignored = specs.filter((spec) => spec.availability === 'ignored');
  return {
    recipe: recipe.name,
    inputs: { ...source, ...namedPaths(given, recipe) },
    models: namedModels(given),
    parameters,
    output: given.path('outfile') ?? resolve(currentDirectory, outfile),
    route: given.on('mpi') ? 'ranks' : given.on('no-daemon') ? 'in-process' : 'daemon',
    verbose: given.on('verbose'),
    json: given.on('json'),
    notes: [
      ...ignored.map((spec) => `${userFlag(spec)} has no effect: ${spec.help ?? ''}.`),
      ...unused.filter((flag) => !isIgnored(flag, specs)).map((flag) => `${flag} has no effect ${wayOf(recipe)}.`),
    ],
  };
}

/** What is said of an option once need not be said twice. */
const isIgnored = (flag: string, given: readonly OptionSpec[]): boolean =>
  given.some((spec) => spec.availability === 'ignored' && [`-${spec.short ?? ''}`, `--${spec.name}`].includes(flag));

/** How a recipe works, in the words of a note. */
function wayOf({ name }: RecipeDescriptor): string {
  if (name === noReference.name) return 'without a reference map';
  return name === referenceMap.name ? 'with a reference map' : `in the mode ${name}`;
}

function sharpenSource(halves: unknown, map: string | undefined, currentDirectory: string): SharpenRequest['inputs'] {
  if (halves !== undefined && map !== undefined) {
    throw new CommandLineError(
      'command-line.usage',
      'Both -hm and -em are given; give either two half maps (-hm) or one map (-em).',
    );
  }
  if (map !== undefined) return { map };
  if (!Array.isArray(halves)) {
    throw new CommandLineError(
      'command-line.usage',
      'No map is given; give two half maps (-hm half1.mrc half2.mrc) or one map (-em map.mrc).',
    );
  }
  const paths = halves.map(String);
  const [half1, half2] = paths;
  if (half1 === undefined || half2 === undefined || paths.length !== 2) {
    throw new CommandLineError(
      'command-line.usage',
      `-hm got ${paths.length} ${paths.length === 1 ? 'file' : 'files'}, it takes exactly two half maps; ` +
        'give -hm half1.mrc half2.mrc.',
    );
  }
  const halfMaps = [resolve(currentDirectory, half1), resolve(currentDirectory, half2)] as const;
  if (halfMaps[0] === halfMaps[1]) {
    throw new CommandLineError(
      'command-line.usage',
      `-hm got ${half1} twice; give the two different half maps, or one map with -em.`,
    );
  }
  return { halfMaps };
}
