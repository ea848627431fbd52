import { filterMap, type MapFilter } from '../../engine/steps/filter-map.js';
import { halfMapFsc } from '../../engine/steps/half-map-fsc.js';
import type { Runner } from '../../engine/runner.js';
import { CommandLineError } from '../command-line-error.js';
import type { Given } from '../options/given.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, checkOutputs, type OpenMap, openMap, openMapOrMean, saveMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale filter`: low-pass, high-pass, band-pass, FSC weights, or the radial profile of another map. */
export const filter: MapCommand = {
  name: 'filter',
  summary: 'filter a map: low-pass, high-pass, band-pass, by FSC, or to the radial profile of another map',
  usage: 'MAP | -hm HALF1 HALF2  -o OUT  --low_pass Å | --high_pass Å | --fsc | --profile_of MAP',
  options: [
    mapOptions.map,
    mapOptions.halfMaps,
    mapOptions.output,
    works(null, 'low_pass', '<angstrom>', 'Keep what is coarser than this, with a tanh edge of a tenth.'),
    works(null, 'high_pass', '<angstrom>', 'Keep what is finer than this; with --low_pass the band between.'),
    works(null, 'fsc', '', 'Weight the mean of the half maps by sqrt(2 FSC / (1 + FSC)).'),
    works(null, 'profile_of', '<map>', 'Give the map the radial profile of this one, on the same grid.'),
    mapOptions.voxelSize,
    mapOptions.compatibility,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the map to write (-o out.mrc)');
    const voxelSize = given.positive('apix', 'Å');
    const { map, halves } = await openMapOrMean(steps, given, maps, voxelSize);
    const { filter: chosen, what, inputs } = await choose(given, steps, map, halves);
    const paths = [...(halves === null ? [map.path] : halves.map(({ path }) => path)), ...inputs];
    await checkOutputs([output], paths);
    const voxels = await steps.run(filterMap, { map: map.voxels, grid: map.grid, filter: chosen }, 'filtering');
    await saveMap(output, map, { voxels }, what);
    return { json: { output, filter: what, grid: map.grid }, lines: [output, what] };
  },
};

interface Choice {
  readonly filter: MapFilter;
  readonly what: string;
  readonly inputs: readonly string[];
}

async function choose(
  given: Given,
  steps: Runner,
  map: OpenMap,
  halves: readonly [OpenMap, OpenMap] | null,
): Promise<Choice> {
  const [lowPass, highPass] = [given.positive('low_pass', 'Å'), given.positive('high_pass', 'Å')];
  const profileOf = given.path('profile_of');
  const compatibility = compatibilityOf(given);
  const band = lowPass !== undefined || highPass !== undefined;
  if ([band, given.on('fsc'), profileOf !== undefined].filter(Boolean).length !== 1)
    throw usage('One kind of filter is expected; give --low_pass, --high_pass or both, or --fsc, or --profile_of.');
  if (profileOf !== undefined) {
    const reference = await openMap(steps, profileOf);
    assertOneGrid(steps, { 'the map': map, 'the map of the profile': reference });
    return {
      filter: { kind: 'profile', reference: reference.voxels },
      what: 'radial profile of another map',
      inputs: [profileOf],
    };
  }
  if (band) {
    if (lowPass !== undefined && highPass !== undefined && lowPass >= highPass)
      throw usage(
        `--low_pass ${lowPass} is not finer than --high_pass ${highPass}, so nothing would pass; exchange the two.`,
      );
    const parts = [
      lowPass === undefined ? '' : `low-pass ${lowPass} A`,
      highPass === undefined ? '' : `high-pass ${highPass} A`,
    ];
    return {
      filter: { kind: 'band', lowPass, highPass },
      what: parts.filter((part) => part !== '').join(', '),
      inputs: [],
    };
  }
  if (halves === null) throw usage('--fsc needs two half maps; give them with -hm.');
  const input = { half1: halves[0].voxels, half2: halves[1].voxels, grid: map.grid, seed: 1, compatibility };
  const { curve } = await steps.run(halfMapFsc, input, 'correlating');
  return { filter: { kind: 'fsc', curve, compatibility }, what: 'weighted by the FSC of the half maps', inputs: [] };
}

const usage = (sentence: string): CommandLineError => new CommandLineError('command-line.usage', sentence);
