import type { StatisticsPart, StatisticsRow } from '../../report/index.js';
import type { MapStatistics } from '../steps/map-statistics.js';

/** Statistics of several maps as a table. */
export function statisticsPart(
  maps: readonly { readonly name: string; readonly found: MapStatistics }[],
  reference = 'reference',
): StatisticsPart {
  const row = (
    name: string,
    unit: string,
    meaning: string,
    pick: (found: MapStatistics) => number | null | undefined,
  ): StatisticsRow => ({ name, unit, meaning, values: maps.map(({ found }) => pick(found) ?? null) });
  const edge = maps[0]?.found.local.edge ?? 0;
  const rows = [
    row('Mean', '', 'Of all voxels.', ({ moments }) => moments.mean),
    row('Standard deviation', '', 'Of all voxels.', ({ moments }) => moments.sd),
    row('Skewness', '', 'Asymmetry of the densities.', ({ moments }) => moments.skewness),
    row('Excess kurtosis', '', 'Weight of the tails; 0 for a normal distribution.', ({ moments }) => moments.kurtosis),
    row('Skewness, map × mask', '', 'The same under the mask.', ({ momentsInMask }) => momentsInMask?.skewness),
    row('Excess kurtosis, map × mask', '', 'The same under the mask.', ({ momentsInMask }) => momentsInMask?.kurtosis),
    row(
      'R² of kurtosis on skewness',
      '',
      `Parabola over random windows of ${edge}³ voxels.`,
      ({ local }) => local.kurtosisOnSkewness,
    ),
    row('R² of variance on mean', '', 'Line over the same windows.', ({ local }) => local.varianceOnMean),
    row('Contour level', '', 'Encloses a fifth of the volume of the mask.', ({ contour }) => contour?.level),
    row('Surface area', 'Å²', 'Of that contour.', ({ contour }) => contour?.area),
    row('Regions', '', 'Separate pieces in that contour.', ({ contour }) => contour?.regions),
    row('Area per region', 'Å²', 'The larger, the better connected.', ({ contour }) => contour?.areaPerRegion),
    row(
      'Adjusted surface area',
      'Å²',
      'Area less what noise adds, by regions.',
      ({ contour }) => contour?.adjustedArea,
    ),
    row('Debye slope', 'Å²', 'Bend of the Wilson plot between its first two pieces.', ({ debye }) => debye?.difference),
    row(`Correlation with the ${reference}`, '', 'RSCC over all voxels.', ({ similarity }) => similarity?.correlation),
    row('Correlation in the mask', '', 'RSCC over the mask.', ({ similarity }) => similarity?.correlationInMask),
    row(`Mean FSC with the ${reference}`, '', 'Over all shells, in the mask.', ({ similarity }) => similarity?.meanFsc),
  ];
  return {
    maps: maps.map(({ name }) => name),
    rows: rows.filter(({ values }) => values.some((value) => value !== null)),
  };
}
