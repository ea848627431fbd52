import { availableThreads, fft3, fourierShellCorrelation, radialProfile, type Shape } from '@locscale/native';
import { seededRandom } from './data/random.js';
import type { Bench } from './measurement.js';
import { medianWall } from './timing.js';

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
    for (const [name, work] of [
      ['forward transform, single precision', (threads: number) => fft3(single, shape, { threads })],
      ['forward transform, double precision', (threads: number) => fft3(double, shape, { threads })],
      ['FSC of two half maps', (threads: number) => fourierShellCorrelation(single, half2, shape, { threads })],
      ['radial profile', (threads: number) => radialProfile(single, shape, { threads })],
    ] as const) {
      report({
        case: name,
        value: await medianWall(3, () => work(all)),
        unit: 's',
        against: { what: 'one thread', value: await medianWall(3, () => work(1)) },
      });
    }
  },
};
