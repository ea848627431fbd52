import { guinierB, mapProfile } from '../../engine/steps/map-profile.js';
import { CommandLineError } from '../command-line-error.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { mapSource, openSource, sourcePaths } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** LocScale's low end of B-factor fits, Å. */
const defaultLowest = 10;

/** `locscale profile`: radial amplitude profile of a map, and its B-factor. */
export const profile: MapCommand = {
  name: 'profile',
  summary: 'print the radial amplitude profile of a map, and the B-factor of its slope',
  usage: 'MAP | -hm HALF1 HALF2  [options]',
  options: [
    mapOptions.map,
    mapOptions.halfMaps,
    works(null, 'octant', '', 'Average one octant of each shell, as LocScale’s own fits do.'),
    works(null, 'lowest', '<angstrom>', 'Low-resolution end of the fit of B (10).'),
    works(null, 'highest', '<angstrom>', 'High-resolution end of the fit of B (Nyquist).'),
    mapOptions.voxelSize,
  ],
  run: async (given, maps, steps) => {
    const lowest = given.positive('lowest', 'Å') ?? defaultLowest;
    const voxelSize = given.positive('apix', 'Å');
    const source = mapSource(given, maps);
    const { map } = await openSource(steps, source, voxelSize);
    const highest = given.positive('highest', 'Å') ?? 2 * Math.max(...map.grid.voxelSize);
    if (highest >= lowest)
      throw new CommandLineError(
        'command-line.usage',
        `The fit would run from ${lowest} to ${highest.toFixed(2)} Å, expected from coarse to fine; choose --lowest above --highest.`,
      );
    const shells = given.on('octant') ? 'octant' : 'full';
    const result = await steps.run(mapProfile, { map: map.voxels, grid: map.grid, shells }, 'averaging');
    const bfactor = guinierB(result, lowest, highest);
    const table = Array.from(
      result.axis,
      (f, r) => `${f.toFixed(5)} ${(result.amplitudes[r] as number).toPrecision(6)}`,
    );
    const { grid } = map;
    return {
      json: {
        maps: sourcePaths(source),
        grid,
        shells,
        frequency: Array.from(result.axis),
        amplitude: Array.from(result.amplitudes),
        bfactor,
        fit: [lowest, highest],
      },
      lines: [
        `B-factor ${bfactor === null ? 'not fitted: fewer than 3 shells' : `${bfactor.toFixed(1)} Å²`} between ${lowest} and ${highest.toFixed(2)} Å`,
        'frequency (1/Å)  mean amplitude',
        ...table,
      ],
    };
  },
};
