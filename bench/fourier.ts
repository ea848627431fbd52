import { availableThreads, fft3, fourierShellCorrelation, radialProfile, type Shape } from '@locscale/native';
import { seededRandom } from './data/random.js';
import type { Bench } from './measurement.js';
import { describeDisturbance, median, quietRounds, timed } from './timing.js';

const shape: Shape = [256, 256, 256];

export const fourierBench: Bench = {
  name: 'fourier',
  about: 'transform, FSC and radial profile of 256³ voxels; on the clock',
  async run({ report, note }) {
    const random = seededRandom(5);
    const single = Float32Array.from({ length: 256 ** 3 }, () => random.normal());
    const half2 = single.map((value) => value + random.normal());
    const double = Float64Array.from(single);
    const all = availableThreads();
    note(`${all} threads against one`);
    const kernels: readonly (readonly [string, (threads: number) => Promise<unknown>])[] = [
      ['forward transform, single precision', (threads: number) => fft3(single, shape, { threads })],
      ['forward transform, double precision', (threads: number) => fft3(double, shape, { threads })],
      ['FSC of two half maps', (threads: number) => fourierShellCorrelation(single, half2, shape, { threads })],
      ['radial profile', (threads: number) => radialProfile(single, shape, { threads })],
    ];
    for (const [name, work] of kernels) {
      await work(all);
      const times = await quietRounds(3, 6, async () => {
        const [few, many] = [await timed(() => work(1)), await timed(() => work(all))];
        return { one: few.wall, all: many.wall, others: Math.max(few.others, many.others) };
      });
      const spoilt = describeDisturbance(times);
      if (spoilt !== null) note(spoilt);
      report({
        case: name,
        value: median(times.map((time) => time.all)),
        unit: 's',
        against: { what: 'one thread', value: median(times.map((time) => time.one)) },
      });
    }
  },
};
