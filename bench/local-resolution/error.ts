import type { Bench } from '../measurement.js';
import { errorsOf } from './accuracy.js';
import { simulate } from './simulation.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const localResolutionErrorBench: Bench = {
  name: 'local-resolution-error',
  about: 'error of the local resolution on simulated half maps of known local FSC, 160³ voxels of 1.2 Å, 3.2 to 6.4 Å',
  async run({ report, note }) {
    for (const layout of ['wave', 'step'] as const) {
      const simulated = await simulate(160, layout);
      for (const window of [undefined, 48]) {
        for (const threshold of [0.143, 0.5]) {
          const errors = await errorsOf(simulated, layout, threshold, window);
          const { median, low, high, voxels, windowSize } = errors;
          const name = `${layout}, FSC ${threshold}, window ${windowSize}${window === undefined ? ' (default)' : ''}`;
          note(`${name}: ${percent(median)} (${percent(low)} to ${percent(high)}) of ${voxels} voxels`);
          report({ case: `half of the 90 % range, ${name}`, value: 50 * (high - low), unit: '%' });
        }
      }
    }
  },
};
