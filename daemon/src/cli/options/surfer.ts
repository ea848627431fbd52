import { basename, extname, resolve } from 'node:path';
import { CommandLineError } from '../command-line-error.js';
import { Given } from './given.js';
import { mapOptions } from './map-options.js';
import { wholeNumber } from './numbers.js';
import { recipeHelp } from './recipe-help.js';
import type { ParsedOptions, SharpenRequest } from './request.js';
import { type OptionSpec, userFlag, works } from './spec.js';

/** Its help is what the recipe's descriptor says. */
const described = (short: string | null, name: string, values: string): OptionSpec => {
  const spec = works(short, name, values);
  return { ...spec, help: recipeHelp().get(userFlag(spec)) ?? null };
};

/** The options of `locscale surfer`; the names are those of SURFER's own script and of LocScale where they have one. */
export const surferOptions: readonly OptionSpec[] = [
  works('em', 'emmap_path', '<map>', 'The unsharpened map in which context is looked for.'),
  works('hm', 'halfmap_paths', '<half1> <half2>', 'Two half maps; context is looked for in their mean.'),
  described('ma', 'mask', '<map>'),
  described(null, 'target', '<map>'),
  works('o', 'outfile', '<map>', 'Map to write. Default: <target>_without_micelle.mrc in the current directory.'),
  described(null, 'threshold', '<probability>'),
  described(null, 'smoothing', '<voxels>'),
  works(null, 'no_largest_segment', '', 'Take all pieces that reach the threshold as context, not the largest alone.'),
  described(null, 'inverse', ''),
  described(null, 'network', '<name>'),
  described('s', 'stride', '<voxels>'),
  described('bs', 'batch_size', '<n>'),
  described(null, 'device', '<name>'),
  described('gpus', 'gpu_ids', '<n...>'),
  mapOptions.voxelSize,
  works('np', 'number_processes', '<n>', 'Threads. Default: all processors.'),
  works(null, 'picture', '<png>', 'Picture of sections before and after, to write beside the maps.'),
  works('v', 'verbose', '', 'Print steps, timings and warnings.'),
  works(null, 'no-daemon', '', 'Compute in this process instead of the daemon.'),
  mapOptions.json,
];

export interface SurferRequest extends SharpenRequest {
  /** The map that is cleaned, or a half map of it. */
  readonly cleaned: string;
  /** PNG to write, or null. */
  readonly picture: string | null;
}

/** Understands a command line of `locscale surfer`, or says in one sentence what is missing or unusable. */
export function surferRequest(parsed: ParsedOptions, currentDirectory: string): SurferRequest {
  const given = new Given(parsed, surferOptions, currentDirectory);
  const map = given.path('emmap_path');
  const halfMaps = given.pair('halfmap_paths');
  if ((map === undefined) === (halfMaps === undefined))
    throw new CommandLineError(
      'command-line.usage',
      map === undefined
        ? 'No map is given; give one map (-em map.mrc) or two half maps (-hm half1.mrc half2.mrc).'
        : 'Both -hm and -em are given; give either two half maps (-hm) or one map (-em).',
    );
  const [mask, target] = [given.path('mask'), given.path('target')];
  const cleaned = target ?? map ?? halfMaps?.[0] ?? '';
  return {
    recipe: 'surfer',
    inputs: {
      ...(halfMaps === undefined ? { map: map as string } : { halfMaps }),
      ...(mask === undefined ? {} : { mask }),
      ...(target === undefined ? {} : { target }),
    },
    models: {},
    parameters: parametersOf(given, parsed),
    output: given.path('outfile') ?? resolve(currentDirectory, defaultName(cleaned, given.on('inverse'))),
    route: given.on('no-daemon') ? 'in-process' : 'daemon',
    verbose: given.on('verbose'),
    json: given.on('json'),
    notes: [],
    cleaned,
    picture: given.path('picture') ?? null,
  };
}

function parametersOf(given: Given, parsed: ParsedOptions): Readonly<Record<string, unknown>> {
  const ids = parsed['gpuIds'];
  const parameters = {
    network: given.text('network'),
    threshold: given.within('threshold', 0, 1),
    smoothing: given.whole('smoothing', 1, 20),
    largestSegment: given.on('no_largest_segment') ? false : undefined,
    inverse: given.switch('inverse'),
    stride: given.whole('stride', 1, 128),
    batchSize: given.whole('batch_size', 1, 1024),
    device: given.word('device', ['auto', 'cpu', 'cuda', 'webgpu']),
    gpuIds: Array.isArray(ids) ? ids.map((id) => wholeNumber('-gpus', String(id), 0, 64)) : undefined,
    voxelSize: given.positive('apix', 'Å'),
    threads: given.whole('number_processes', 1, 1024),
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

/** As SURFER names its results; the file goes into the current directory. */
function defaultName(target: string, inverse: boolean): string {
  const stem = basename(target).replace(/\.(gz|bz2)$/iu, '');
  return `${basename(stem, extname(stem))}_${inverse ? 'micelle' : 'without_micelle'}.mrc`;
}
