import { mapMoments } from '../../engine/steps/map-moments.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, onlyMap, openMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale statistics`: the distribution of a map's values. */
export const statistics: MapCommand = {
  name: 'statistics',
  summary: 'print mean, standard deviation, skewness and kurtosis of a map',
  usage: 'MAP [-ma MASK] [options]',
  options: [mapOptions.map, works('ma', 'mask', '<map>', 'Multiply the map by this mask first, as LocScale does.')],
  run: async (given, maps, steps) => {
    const map = await openMap(steps, onlyMap(given, maps));
    const maskPath = given.path('mask');
    const mask = maskPath === undefined ? undefined : await openMap(steps, maskPath, { mayBeConstant: true });
    if (mask !== undefined) assertOneGrid(steps, { 'the map': map, 'the mask': mask });
    const moments = await steps.run(mapMoments, { voxels: map.voxels, mask: mask?.voxels }, 'summing up');
    const number = (value: number): string => String(Number(value.toPrecision(6)));
    return {
      json: { path: map.path, mask: maskPath ?? null, ...moments },
      lines: [
        `voxels    ${moments.voxels}`,
        `mean      ${number(moments.mean)}`,
        `sd        ${number(moments.sd)}`,
        `skewness  ${number(moments.skewness)}`,
        `kurtosis  ${number(moments.kurtosis)} (excess: 0 for a normal distribution)`,
      ],
    };
  },
};
