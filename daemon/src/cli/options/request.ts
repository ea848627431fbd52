import { resolve } from 'node:path';
import { CommandLineError } from '../command-line-error.js';
import { positiveNumber, wholeNumber } from './numbers.js';
import { optionKey, userFlag, type OptionSpec } from './spec.js';
import { options } from './table.js';

/** Written in the current directory when -o is not given; LocScale's name. */
const defaultOutfile = 'locscale_output.mrc';

/** Values as commander hands them over, by option key. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** What to sharpen, against what, and where to write: the command line understood, all paths absolute. */
export interface SharpenRequest {
  readonly source:
    | { readonly kind: 'half-maps'; readonly half1: string; readonly half2: string }
    | { readonly kind: 'map'; readonly path: string };
  readonly reference: string;
  readonly mask: string;
  /** Named as in the recipe `reference-map`. */
  readonly parameters: { readonly windowSize?: number; readonly voxelSize?: number; readonly threads?: number };
  /** Map to write; side files carry its stem (docs/command-line.md). */
  readonly output: string;
  readonly route: 'daemon' | 'in-process';
  readonly verbose: boolean;
  readonly json: boolean;
  /** Sentences about options that were accepted without effect. */
  readonly notes: readonly string[];
}

/** Understands the options of the sharpening command, or says in one sentence what is missing, contradictory or unusable. */
export function sharpenRequest(parsed: ParsedOptions, currentDirectory: string): SharpenRequest {
  const given = options.filter((spec) => parsed[optionKey(spec)] !== undefined);
  refuseLaterOptions(given);
  const path = (key: string): string | null => {
    const value = parsed[key];
    return typeof value === 'string' ? resolve(currentDirectory, value) : null;
  };
  const source = sharpenSource(parsed['halfmapPaths'], path('emmapPath'), currentDirectory);
  const reference = required(path('modelMap'), '-mm', 'a reference map on the same grid', 'give -mm FILE.mrc');
  const mask = required(
    path('mask'),
    '-ma',
    'a mask on the same grid',
    'make one with `locscale mask` and give -ma FILE.mrc',
  );
  const outfile = parsed['outfile'];
  return {
    source,
    reference,
    mask,
    parameters: parameters(parsed),
    output: resolve(currentDirectory, typeof outfile === 'string' ? outfile : defaultOutfile),
    route: parsed['noDaemon'] === true ? 'in-process' : 'daemon',
    verbose: parsed['verbose'] === true,
    json: parsed['json'] === true,
    notes: given
      .filter((spec) => spec.availability === 'ignored')
      .map((spec) => `${userFlag(spec)} has no effect: ${spec.help ?? ''}.`),
  };
}

function refuseLaterOptions(given: readonly OptionSpec[]): void {
  const later = given
    .filter((spec) => spec.availability === 'later')
    .map((spec) => `${userFlag(spec)} (${spec.help ?? 'LocScale'})`);
  if (later.length === 0) return;
  const one = later.length === 1;
  throw new CommandLineError(
    'command-line.not-yet',
    `${one ? 'Option' : 'Options'} ${inWords(later)} ${one ? 'is' : 'are'} not available in this version; ` +
      `leave ${one ? 'it' : 'them'} out and give a reference map (-mm) and a mask (-ma).`,
  );
}

/** `a`, `a and b`, `a, b and c`. */
const inWords = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(' and ');

function sharpenSource(halves: unknown, map: string | null, currentDirectory: string): SharpenRequest['source'] {
  if (halves !== undefined && map !== null) {
    throw new CommandLineError(
      'command-line.usage',
      'Both -hm and -em are given; give either two half maps (-hm) or one map (-em).',
    );
  }
  if (map !== null) return { kind: 'map', path: map };
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
  const absolute = { half1: resolve(currentDirectory, half1), half2: resolve(currentDirectory, half2) };
  if (absolute.half1 === absolute.half2) {
    throw new CommandLineError(
      'command-line.usage',
      `-hm got ${half1} twice; give the two different half maps, or one map with -em.`,
    );
  }
  return { kind: 'half-maps', ...absolute };
}

function required(path: string | null, flag: string, what: string, next: string): string {
  if (path !== null) return path;
  throw new CommandLineError(
    'command-line.usage',
    `${flag} is missing: this version needs ${what}, which later versions make by themselves; ${next}.`,
  );
}

function parameters(parsed: ParsedOptions): SharpenRequest['parameters'] {
  const { windowSize, apix, numberProcesses } = parsed;
  return {
    ...(typeof windowSize === 'string' ? { windowSize: wholeNumber('-wn', windowSize, 4, 128) } : {}),
    ...(typeof apix === 'string' ? { voxelSize: positiveNumber('-p', apix, 'Å') } : {}),
    ...(typeof numberProcesses === 'string' ? { threads: wholeNumber('-np', numberProcesses, 1, 1024) } : {}),
  };
}
