import { type MapStatistics, mapStatistics } from '../../engine/steps/map-statistics.js';
import type { Moments } from '../../engine/steps/map-moments.js';
import { mapOptions } from '../options/map-options.js';
import { works } from '../options/spec.js';
import { assertOneGrid, onlyMap, openMap } from '../run/map-files.js';
import type { MapCommand } from './map-command.js';

/** `locscale statistics`: the distribution of a map's values, its surface, and its likeness to a reference. */
export const statistics: MapCommand = {
  name: 'statistics',
  summary: 'print moments of a map, the surface that its density has, and its likeness to a reference',
  usage: 'MAP [-ma MASK] [-mm REFERENCE] [-res ANGSTROM] [options]',
  options: [
    mapOptions.map,
    works(
      'ma',
      'mask',
      '<map>',
      'Mask: adds moments under it, the surface at a fifth of its volume, and correlation in it.',
    ),
    works('mm', 'model_map', '<map>', 'Reference map: adds correlation and mean FSC with it.'),
    works('res', 'ref_resolution', '<angstrom>', 'Resolution of the map, Å: adds the Debye slope (5 Å and better).'),
    works(null, 'seed', '<n>', 'Seed of the places of the windows (default: 0).'),
    mapOptions.voxelSize,
  ],
  run: async (given, maps, steps) => {
    const voxelSize = given.positive('apix', 'Å');
    const map = await openMap(steps, onlyMap(given, maps), { voxelSize });
    const other = async (option: string, mayBeConstant: boolean): Promise<typeof map | undefined> => {
      const path = given.path(option);
      return path === undefined ? undefined : openMap(steps, path, { mayBeConstant, voxelSize });
    };
    const mask = await other('mask', true);
    const reference = await other('model_map', false);
    assertOneGrid(steps, {
      map,
      ...(mask === undefined ? {} : { mask }),
      ...(reference === undefined ? {} : { 'reference map': reference }),
    });
    const found = await steps.run(
      mapStatistics,
      {
        map: map.voxels,
        grid: map.grid,
        mask: mask?.voxels,
        reference: reference?.voxels,
        resolution: given.positive('ref_resolution', 'Å'),
        seed: given.whole('seed', 0, 2 ** 31 - 1) ?? 0,
      },
      'measuring the map',
    );
    const { moments, ...rest } = found;
    return {
      // The moments of what was asked for stand first, as they always have: under the mask where there is one.
      json: {
        path: map.path,
        mask: mask?.path ?? null,
        reference: reference?.path ?? null,
        ...(found.momentsInMask ?? moments),
        wholeMap: moments,
        ...rest,
      },
      lines: [...momentLines(found), ...otherLines(found)],
    };
  },
};

const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(6))));
const row = (name: string, value: string): string => `${name.padEnd(26)}${value}`;

function momentLines({ moments, momentsInMask }: MapStatistics): readonly string[] {
  const line = (name: string, pick: (of: Moments) => number, note = ''): string =>
    row(
      name,
      (momentsInMask === null
        ? number(pick(moments))
        : `${number(pick(moments))}, map × mask ${number(pick(momentsInMask))}`) + note,
    );
  return [
    row('voxels', String(moments.voxels)),
    line('mean', ({ mean }) => mean),
    line('sd', ({ sd }) => sd),
    line('skewness', ({ skewness }) => skewness),
    line('kurtosis', ({ kurtosis }) => kurtosis, ' (excess: 0 for a normal distribution)'),
  ];
}

function otherLines({ local, contour, debye, similarity }: MapStatistics): readonly string[] {
  return [
    row(
      'kurtosis on skewness',
      `R² ${number(local.kurtosisOnSkewness)} (${local.windows} windows of ${local.edge}³ voxels, seed ${local.seed})`,
    ),
    row('variance on mean', `R² ${number(local.varianceOnMean)}`),
    ...(contour === null
      ? []
      : [
          row('contour level', `${number(contour.level)} (encloses a fifth of the mask)`),
          row('surface area', `${number(contour.area)} Å²`),
          row('regions', `${contour.regions}, ${number(contour.areaPerRegion)} Å² each`),
          row('adjusted surface area', `${number(contour.adjustedArea)} Å²`),
        ]),
    ...(debye === null ? [] : [row('Debye slope', `${number(debye.difference)} Å²`)]),
    ...(similarity === null
      ? []
      : [
          row(
            'correlation (RSCC)',
            `${number(similarity.correlation)}${similarity.correlationInMask === null ? '' : `, in the mask ${number(similarity.correlationInMask)}`}`,
          ),
          row('mean FSC', number(similarity.meanFsc)),
        ]),
  ];
}
