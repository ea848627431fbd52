import { availableThreads, localResolution, type LocalResolutionInput, whitenHalfMaps } from '@locscale/native';
import { localFscOracle } from '@locscale/native/oracle';
import { sampleVoxels } from '../data/masks.js';
import { seededRandom } from '../data/random.js';
import { syntheticMaps, voxelSize } from '../data/synthetic-maps.js';
import type { Bench, BenchContext } from '../measurement.js';
import { describeDisturbance, median, quietRounds, timed } from '../timing.js';

/** Seconds for a 256³ pair with 10⁶ mask voxels on two processors that the project wants. */
const goal = 5;
/** Voxels that the loop over windows is timed on; it takes the same time for every voxel. */
const sampled = 300;
/** Largest difference of two resolutions, as a share of them, above which two programs cannot have done the same work. */
const largestDifference = 1e-2;

async function halves(): Promise<LocalResolutionInput> {
  const { map, compact, shape } = await syntheticMaps();
  const random = seededRandom(7);
  const deviation = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
  const half = (): Float32Array => map.map((value) => value + 0.3 * deviation * random.normal());
  return { half1: half(), half2: half(), mask: compact, shape, windowSize: 30, voxelSize, threshold: 0.143 };
}

async function speed({ report, note }: BenchContext): Promise<void> {
  const input = await halves();
  const threads = Math.min(2, availableThreads());
  const total = input.mask.reduce((sum, value) => sum + value, 0);
  const voxels = sampleVoxels(input.mask, sampled);
  const peer = await localFscOracle({ ...input, voxels }, true);
  const { resolution } = await localResolution(input);
  const unlike = voxels.filter((voxel, i) => {
    const expected = peer.resolution[i] as number;
    return Math.abs((resolution[voxel] as number) / expected - 1) > largestDifference;
  }).length;
  if (unlike > 0)
    throw new Error(`${unlike} of ${sampled} voxels differ between kernel and loop; run the tests of the kernel.`);
  const times = await quietRounds(3, 6, async () => {
    const loop = await localFscOracle({ ...input, voxels }, true);
    const one = await timed(() => localResolution(input, { threads: 1 }));
    const whole = await timed(async () => {
      const whitened = await whitenHalfMaps(input.half1, input.half2, input.shape, { threads });
      await localResolution({ ...input, half1: whitened.half1, half2: whitened.half2 }, { threads });
    });
    return { loop: loop.seconds / voxels.length, kernel: one.cpu / total, whole: whole.wall, others: whole.others };
  });
  report({
    case: 'window 30, every voxel of the mask, one thread',
    value: 1e6 * median(times.map(({ kernel }) => kernel)),
    unit: 'µs/voxel',
    against: { what: 'FFTW window method', value: 1e6 * median(times.map(({ loop }) => loop)) },
  });
  const spoilt = describeDisturbance(times);
  if (spoilt !== null) note(spoilt);
  report({
    case: `256³, ${total} mask voxels, whitening included, ${threads} threads, on the clock`,
    value: median(times.map(({ whole }) => whole)),
    unit: 's',
    against: { what: 'goal', value: goal, goal: 1 },
  });
}

export const localResolutionBench: Bench = {
  name: 'local-resolution',
  about: 'windowed FSC of two 256³ half maps at every voxel of a mask',
  run: speed,
};
