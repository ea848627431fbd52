import { halfMapFsc, type Resolutions } from '../../engine/steps/half-map-fsc.js';
import { meanVoxelSize } from '../../engine/voxel-size.js';
import { CommandLineError } from '../command-line-error.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, halfMaps, openHalfMaps, openMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale fsc`: Fourier shell correlation of two half maps. */
export const fsc: MapCommand = {
  name: 'fsc',
  summary: 'correlate two half maps by Fourier shells, and give their resolution',
  usage: '-hm HALF1 HALF2 [-ma MASK] [options]',
  options: [
    mapOptions.halfMaps,
    works('ma', 'mask', '<map>', 'Soft mask, 0 to 1: adds the masked curve and its correction by phase randomisation.'),
    works(null, 'seed', '<n>', 'Seed of the random phases (1).'),
    mapOptions.voxelSize,
    mapOptions.compatibility,
  ],
  run: async (given, maps, steps) => {
    const paths = halfMaps(given, maps);
    if (paths === undefined)
      throw new CommandLineError(
        'command-line.usage',
        `${maps.length === 0 ? 'No half maps are' : `${maps.length} ${maps.length === 1 ? 'map is' : 'maps are'}`} given; give two half maps (-hm half1.mrc half2.mrc).`,
      );
    const compatibility = compatibilityOf(given);
    const seed = given.whole('seed', 0, 2 ** 31 - 2) ?? 1;
    const voxelSize = given.positive('apix', 'Å');
    const [half1, half2] = await openHalfMaps(steps, paths, voxelSize);
    const maskPath = given.path('mask');
    const mask =
      maskPath === undefined ? undefined : await openMap(steps, maskPath, { mayBeConstant: true, voxelSize });
    if (mask !== undefined) assertOneGrid(steps, { 'half map 1': half1, mask });

    const input = {
      half1: half1.voxels,
      half2: half2.voxels,
      grid: half1.grid,
      mask: mask?.voxels,
      seed,
      compatibility,
    };
    const { axis, curve, resolution, masked } = await steps.run(halfMapFsc, input, 'correlating');
    const corrected =
      masked === null
        ? []
        : [line('masked', masked.resolution), line('masked, corrected for the mask', masked.correctedResolution)];
    return {
      json: {
        halfMaps: paths,
        mask: maskPath ?? null,
        compat: compatibility,
        resolution,
        nyquist: 2 * meanVoxelSize(half1.grid),
        frequency: Array.from(axis),
        fsc: Array.from(curve),
        masked:
          masked === null
            ? null
            : {
                fsc: Array.from(masked.curve),
                randomised: Array.from(masked.randomised),
                corrected: Array.from(masked.corrected),
                randomisedFrom: masked.randomisedFrom < axis.length ? axis[masked.randomisedFrom] : null,
                seed,
                resolution: masked.resolution,
                correctedResolution: masked.correctedResolution,
              },
      },
      lines: [line('unmasked', resolution), ...corrected],
    };
  },
};

const angstrom = (resolution: number | null): string =>
  resolution === null ? 'not reached' : `${resolution.toFixed(2)} Å`;
const line = (name: string, resolution: Resolutions): string =>
  `FSC ${name}: ${angstrom(resolution['0.143'])} at 0.143, ${angstrom(resolution['0.5'])} at 0.5`;
