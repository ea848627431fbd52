import { filterMap, type MapFilter } from '../../engine/steps/filter-map.js';
import { halfMapFsc } from '../../engine/steps/half-map-fsc.js';
import type { Compatibility } from '../../engine/resolution.js';
import type { Runner } from '../../engine/runner.js';
import { CommandLineError } from '../command-line-error.js';
import type { Given } from '../options/given.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import {
  assertOneGrid,
  checkOutputs,
  type OpenMap,
  openMap,
  mapSource,
  openSource,
  saveMap,
  sourcePaths,
} from '../run/map-files.js';
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
    const source = mapSource(given, maps);
    const wish = wishOf(given);
    if (wish.kind === 'fsc' && source.kind === 'map') throw fscNeedsHalves();
    await checkOutputs([output], [...sourcePaths(source), ...(wish.kind === 'profile' ? [wish.path] : [])]);
    const { map, halves } = await openSource(steps, source, voxelSize);
    const chosen = await filterOf(wish, steps, map, halves);
    const voxels = await steps.run(filterMap, { map: map.voxels, grid: map.grid, filter: chosen }, 'filtering');
    const what = describe(wish);
    await saveMap(output, map, { voxels }, what);
    return { json: { output, filter: what, grid: map.grid }, lines: [output, what] };
  },
};

/** The kind of filter that the options ask for. */
type Wish =
  | { readonly kind: 'band'; readonly lowPass: number | undefined; readonly highPass: number | undefined }
  | { readonly kind: 'fsc'; readonly compatibility: Compatibility }
  | { readonly kind: 'profile'; readonly path: string };

function wishOf(given: Given): Wish {
  const [lowPass, highPass] = [given.positive('low_pass', 'Å'), given.positive('high_pass', 'Å')];
  const path = given.path('profile_of');
  const compatibility = compatibilityOf(given);
  const wishes: readonly Wish[] = [
    ...(lowPass === undefined && highPass === undefined ? [] : [{ kind: 'band', lowPass, highPass } as const]),
    ...(given.on('fsc') ? [{ kind: 'fsc', compatibility } as const] : []),
    ...(path === undefined ? [] : [{ kind: 'profile', path } as const]),
  ];
  const [wish, ...more] = wishes;
  if (wish === undefined || more.length > 0)
    throw usage('One kind of filter is expected; give --low_pass, --high_pass or both, or --fsc, or --profile_of.');
  if (lowPass !== undefined && highPass !== undefined && lowPass >= highPass)
    throw usage(
      `--low_pass ${lowPass} is not finer than --high_pass ${highPass}, so nothing would pass; exchange the two.`,
    );
  return wish;
}

/** For people and for the label of the map, which holds ASCII only. */
function describe(wish: Wish): string {
  switch (wish.kind) {
    case 'band': {
      const parts = [
        wish.lowPass === undefined ? '' : `low-pass ${wish.lowPass} A`,
        wish.highPass === undefined ? '' : `high-pass ${wish.highPass} A`,
      ];
      return parts.filter((part) => part !== '').join(', ');
    }
    case 'fsc':
      return 'weighted by the FSC of the half maps';
    case 'profile':
      return 'radial profile of another map';
  }
}

async function filterOf(
  wish: Wish,
  steps: Runner,
  map: OpenMap,
  halves: readonly [OpenMap, OpenMap] | null,
): Promise<MapFilter> {
  if (wish.kind === 'band') return wish;
  if (wish.kind === 'profile') {
    const reference = await openMap(steps, wish.path);
    assertOneGrid(steps, { map, 'map of the profile': reference });
    return { kind: 'profile', reference: reference.voxels };
  }
  if (halves === null) throw fscNeedsHalves();
  const { compatibility } = wish;
  const input = { half1: halves[0].voxels, half2: halves[1].voxels, grid: map.grid, seed: 1, compatibility };
  const { curve } = await steps.run(halfMapFsc, input, 'correlating');
  return { kind: 'fsc', curve, compatibility };
}

const usage = (sentence: string): CommandLineError => new CommandLineError('command-line.usage', sentence);
const fscNeedsHalves = (): CommandLineError => usage('--fsc needs two half maps; give them with -hm.');
