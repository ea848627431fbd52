import type { Compatibility } from '../../engine/resolution.js';
import type { Given } from './given.js';
import { works, type OptionSpec } from './spec.js';

/** Options that several commands for single steps share, under the names that LocScale's users know. */
export const mapOptions = {
  map: works('em', 'emmap_path', '<map>', 'One map, instead of naming it without an option.'),
  halfMaps: works('hm', 'halfmap_paths', '<half1> <half2>', 'Two half maps.'),
  mask: works('ma', 'mask', '<map>', 'Mask on the same grid.'),
  output: works('o', 'outfile', '<map>', 'Map to write.'),
  voxelSize: works('p', 'apix', '<angstrom>', 'Voxel size instead of the one in the header, Å.'),
  compatibility: works(null, 'compat', '<version>', 'locscale-2.3: the rules of LocScale 2.3.1 where they differ.'),
  json: works(null, 'json', '', 'Print one JSON object on standard output, nothing else.'),
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** Which rules to follow where ours differ from LocScale's. */
export const compatibilityOf = (given: Given): Compatibility => given.word('compat', ['locscale-2.3']) ?? 'none';
