import { combineHalfMaps } from '../../engine/steps/combine-half-maps.js';
import { binariseMask } from '../../engine/steps/binarise-mask.js';
import { confidenceMask } from '../../engine/steps/confidence-mask.js';
import { localFilter } from '../../engine/steps/local-filter.js';
import { localResolution, type LocalResolutionOutput } from '../../engine/steps/local-resolution.js';
import type { Runner } from '../../engine/runner.js';
import { CommandLineError } from '../command-line-error.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import {
  assertOneGrid,
  checkOutputs,
  halfMaps,
  type OpenMap,
  openHalfMaps,
  openMap,
  saveMap,
} from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

const defaultThreshold = 0.143;
/** False discovery rate of the mask that is made when none is given: LocScale's. */
const maskRate = 0.01;

/** `locscale local-resolution`: resolution at every voxel of the mask, from two half maps. */
export const localResolutionCommand: MapCommand = {
  name: 'local-resolution',
  summary: 'map the local resolution of two half maps, and filter their mean by it',
  usage: '-hm HALF1 HALF2 [-ma MASK]  -o LOCRES [options]',
  options: [
    mapOptions.halfMaps,
    works('ma', 'mask', '<map>', 'Where to look, at 0.5 and above; without one a confidence mask is made.'),
    works('o', 'outfile', '<map>', 'Map of the local resolution to write, Å; 0 outside the mask.'),
    works(null, 'threshold', '<fsc>', 'FSC at which the resolution is read (0.143); 0.5 is the other usual value.'),
    works('wn', 'window_size', '<voxels>', 'Edge of the window (12 times the overall resolution, at most 48 voxels).'),
    works(null, 'smoothing', '<angstrom>', 'Smooth the result by B-splines with knots this far apart, Å (none).'),
    works(
      null,
      'filtered',
      '<map>',
      'Map to write of the mean of the half maps, each voxel filtered at its resolution.',
    ),
    mapOptions.voxelSize,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the map to write (-o locres.mrc)');
    const paths = halfMaps(given, maps);
    if (paths === undefined)
      throw new CommandLineError(
        'command-line.usage',
        `${maps.length === 0 ? 'No half maps are' : `${maps.length} ${maps.length === 1 ? 'map is' : 'maps are'}`} given; give two half maps (-hm half1.mrc half2.mrc).`,
      );
    const threshold = given.positive('threshold', 'parts of 1') ?? defaultThreshold;
    if (threshold >= 1)
      throw new CommandLineError(
        'command-line.usage',
        `--threshold ${threshold} is not usable: give an FSC between 0 and 1, as 0.143 or 0.5.`,
      );
    const windowSize = given.whole('window_size', 8, 128);
    const smoothing = given.positive('smoothing', 'Å');
    const [maskPath, filtered] = [given.path('mask'), given.path('filtered')];
    const voxelSize = given.positive('apix', 'Å');
    const inputs = [...paths, ...(maskPath === undefined ? [] : [maskPath])];
    await checkOutputs([output, ...(filtered === undefined ? [] : [filtered])], inputs);
    const [half1, half2] = await openHalfMaps(steps, paths, voxelSize);
    const { grid } = half1;
    const mean = (): Promise<Float32Array> =>
      steps.run(combineHalfMaps, { half1: half1.voxels, half2: half2.voxels }, 'combining the half maps');
    const mask = await maskOf(steps, half1, maskPath, mean, voxelSize);

    const [a, b] = [half1.voxels, half2.voxels];
    const request = { half1: a, half2: b, grid, mask, windowSize, threshold, smoothing };
    const found = await steps.run(localResolution, request, 'correlating windows');
    const what = `local resolution, FSC ${threshold}, window ${found.windowSize} voxels`;
    await saveMap(output, half1, { voxels: found.resolution }, what);
    if (filtered !== undefined) {
      const filtering = { map: await mean(), resolution: found.resolution, grid };
      const voxels = await steps.run(localFilter, filtering, 'filtering');
      await saveMap(
        filtered,
        half1,
        { voxels },
        `mean of half maps, low-pass at the local resolution (FSC ${threshold})`,
      );
    }
    return reportOf(found, { output, filtered: filtered ?? null, mask: maskPath ?? null, threshold, smoothing });
  },
};

async function maskOf(
  steps: Runner,
  half: OpenMap,
  path: string | undefined,
  mean: () => Promise<Float32Array>,
  voxelSize: number | undefined,
): Promise<Uint8Array> {
  if (path === undefined) {
    const noise = { windowSize: undefined, centre: undefined };
    const request = { map: await mean(), grid: half.grid, rate: maskRate, noise };
    return (await steps.run(confidenceMask, request, 'making a mask')).mask;
  }
  const mask = await openMap(steps, path, { mayBeConstant: true, voxelSize });
  assertOneGrid(steps, { 'the half maps': half, 'the mask': mask });
  return (await steps.run(binariseMask, { mask: mask.voxels }, 'binarising the mask')).mask;
}

interface Facts {
  readonly output: string;
  readonly filtered: string | null;
  readonly mask: string | null;
  readonly threshold: number;
  readonly smoothing: number | undefined;
}

function reportOf(found: LocalResolutionOutput, facts: Facts): Awaited<ReturnType<MapCommand['run']>> {
  const { resolution, windowSize, overall, limits, voxels, emptyWindows, beyondNyquist, unresolved } = found;
  const sorted = resolution.filter((value) => value > 0).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  const quantiles =
    sorted.length === 0 ? null : { min: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1) };
  const spread =
    quantiles === null
      ? 'no window holds anything'
      : `median ${quantiles.median.toFixed(2)} Å, half of the voxels between ${quantiles.q1.toFixed(2)} and ${quantiles.q3.toFixed(2)} Å, all between ${quantiles.min.toFixed(2)} and ${quantiles.max.toFixed(2)} Å`;
  return {
    json: {
      ...facts,
      smoothing: facts.smoothing ?? null,
      windowSize,
      overall,
      limits: { finest: limits[0], coarsest: limits[1] },
      quantiles,
      voxels,
      emptyWindows,
      beyondNyquist,
      unresolved,
    },
    lines: [
      facts.output,
      ...(facts.filtered === null ? [] : [facts.filtered]),
      `${voxels.toLocaleString('en')} voxels: ${spread}`,
      `${beyondNyquist.toLocaleString('en')} at the Nyquist limit of ${limits[0].toFixed(2)} Å; whole maps ${overall === null ? 'not reached' : `${overall.toFixed(2)} Å`}; window ${windowSize} voxels`,
    ],
  };
}
