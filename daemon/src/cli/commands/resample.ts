import { type Resampling, resampleMap } from '../../engine/steps/resample-map.js';
import { CommandLineError } from '../command-line-error.js';
import { compatibilityOf, mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { checkOutputs, onlyMap, openMap, saveMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale resample`: the same box on another grid. */
export const resample: MapCommand = {
  name: 'resample',
  summary: 'put a map on a coarser or finer grid over the same box',
  usage: 'MAP -o OUT  --voxel_size Å | --sections N  [--order 1|2]',
  options: [
    mapOptions.map,
    mapOptions.output,
    works(
      null,
      'voxel_size',
      '<angstrom>',
      'Voxel size to aim at; the box keeps its size, so whole numbers of voxels may shift it a little.',
    ),
    works(null, 'sections', '<n>', 'Number of voxels along z instead.'),
    works(null, 'order', '<n>', 'Splines of order 1 (linear) or 2 instead of cutting or filling the spectrum.'),
    mapOptions.voxelSize,
    mapOptions.compatibility,
  ],
  run: async (given, maps, steps) => {
    const output = given.requiredPath('outfile', 'the map to write (-o out.mrc)');
    const [voxelSize, sections] = [given.positive('voxel_size', 'Å'), given.whole('sections', 4, 4096)];
    if ((voxelSize === undefined) === (sections === undefined))
      throw new CommandLineError('command-line.usage', 'One size is expected; give --voxel_size or --sections.');
    const order = given.whole('order', 1, 2);
    const method: Resampling = order === undefined ? 'fourier' : order === 1 ? 'linear' : 'quadratic';
    const compatibility = compatibilityOf(given);
    const path = onlyMap(given, maps);
    await checkOutputs([output], [path]);
    const map = await openMap(steps, path, { voxelSize: given.positive('apix', 'Å') });
    const target =
      voxelSize === undefined
        ? ({ kind: 'sections', sections: sections ?? 0 } as const)
        : ({ kind: 'voxel-size', voxelSize } as const);
    const request = { map: map.voxels, grid: map.grid, method, target, compatibility };
    const resampled = await steps.run(resampleMap, request, 'resampling');
    await saveMap(output, map, resampled, `resampled (${method})`);
    const { shape, voxelSize: edges } = resampled.grid;
    return {
      json: { output, method, compat: compatibility, from: map.grid, grid: resampled.grid },
      lines: [
        output,
        `${shape.join(' × ')} voxels (z × y × x) of ${edges.map((n) => n.toFixed(4)).join(' × ')} Å (${method})`,
      ],
    };
  },
};
