import { filterMap } from '../../engine/steps/filter-map.js';
import { CommandLineError } from '../command-line-error.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { checkOutputs, mapSource, openSource, saveMap, sourcePaths } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale sharpen-global`: one B-factor for the whole map. */
export const sharpenGlobal: MapCommand = {
  name: 'sharpen-global',
  summary: 'sharpen or blur a whole map by one B-factor',
  usage: 'MAP | -hm HALF1 HALF2  -o OUT  --bfactor B [--low_pass Å]',
  options: [
    mapOptions.map,
    mapOptions.halfMaps,
    mapOptions.output,
    works(
      null,
      'bfactor',
      '<b>',
      'B in Å²: amplitudes are multiplied by exp(B f² / 4), so above 0 sharpens (the sign of RELION is opposite).',
    ),
    works(
      null,
      'low_pass',
      '<angstrom>',
      'Low-pass filter afterwards; without it the noise beyond the resolution grows too.',
    ),
    mapOptions.voxelSize,
    mapOptions.compatibility,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the map to write (-o out.mrc)');
    const b = given.number('bfactor', 'Å²');
    if (b === undefined)
      throw new CommandLineError(
        'command-line.usage',
        '--bfactor is missing: give a B-factor in Å², above 0 to sharpen.',
      );
    const lowPass = given.positive('low_pass', 'Å');
    const compatibility = compatibilityOf(given);
    const voxelSize = given.positive('apix', 'Å');
    const source = mapSource(given, maps);
    await checkOutputs([output], sourcePaths(source));
    const { map } = await openSource(steps, source, voxelSize);
    const { grid } = map;
    const sharpening = { map: map.voxels, grid, filter: { kind: 'global-b', b, compatibility } } as const;
    const sharpened = await steps.run(filterMap, sharpening, 'sharpening');
    const cut = { map: sharpened, grid, filter: { kind: 'band', lowPass } } as const;
    const voxels = lowPass === undefined ? sharpened : await steps.run(filterMap, cut, 'filtering');
    const what = `global B-factor ${b} A^2${lowPass === undefined ? '' : `, low-pass ${lowPass} A`}`;
    await saveMap(output, map, { voxels }, what);
    return {
      json: { output, bfactor: b, lowPass: lowPass ?? null, compat: compatibility, grid },
      lines: [output, what],
    };
  },
};
