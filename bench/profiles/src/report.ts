import { meanScore, type Result, scores } from './measure.js';

const columns = ['correlation', 'FSC', 'local 5 %', '25 %', '50 %'] as const;

export const header = [
  'octant, and shell minus octant in thousandths'.padEnd(34),
  ...columns.map((name) => name.padStart(18)),
  'better'.padStart(8),
].join(' ');

const pair = (octant: number, shell: number): string => {
  const change = 1000 * (shell - octant);
  return `${octant.toFixed(4)} ${(change < 0 ? '' : '+') + change.toFixed(2)}`.padStart(18);
};

const cells = ({ octant, shell, better }: Pick<Result, 'octant' | 'shell' | 'better'>): string =>
  [...scores.map((name) => pair(octant[name], shell[name])), `${(100 * better).toFixed(0)} %`.padStart(8)].join(' ');

export const rowOf = (result: Result): string =>
  `${`${result.experiment}, ${result.reference}`.padEnd(34)} ${cells(result)}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

/** Means over experiments with one kind of reference; for the correlation also its standard error over experiments. */
export const summarise = (results: readonly Result[]): string => {
  const gains = results.map(({ octant, shell }) => 1000 * (shell.correlation - octant.correlation));
  const gain = mean(gains);
  const error = Math.sqrt(mean(gains.map((value) => (value - gain) ** 2)) / Math.max(1, gains.length - 1));
  const all = {
    octant: meanScore(results.map(({ octant }) => octant)),
    shell: meanScore(results.map(({ shell }) => shell)),
    better: mean(results.map(({ better }) => better)),
  };
  const of = (name: 'octantSpread' | 'shellSpread'): string => mean(results.map((one) => 1000 * one[name])).toFixed(2);
  const turnedBy = (name: 'octantTurned' | 'shellTurned' | 'profiles'): string =>
    percent(mean(results.map((one) => one[name])));
  return [
    `${`mean, reference ${results[0]?.reference ?? ''}`.padEnd(34)} ${cells(all)}`,
    `  correlation with full shells: ${gain < 0 ? '' : '+'}${gain.toFixed(2)} ± ${error.toFixed(2)} thousandths, higher in ${gains.filter((g) => g > 0).length} of ${gains.length}`,
    `  spread of the correlation over turned axes, thousandths: octant ${of('octantSpread')}, shell ${of('shellSpread')}`,
    `  change of the map by turning x round: octant ${turnedBy('octantTurned')}, shell ${turnedBy('shellTurned')}; octant to shell ${turnedBy('profiles')}`,
  ].join('\n');
};
