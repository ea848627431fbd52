import { availableThreads, nativeInfo, restrictSimd, scaleWindows } from '@locscale/native';
import { maskShape } from '../data/masks.js';
import { syntheticMaps, type SyntheticMaps } from '../data/synthetic-maps.js';
import type { Bench, BenchContext } from '../measurement.js';
import { describeDisturbance, median, quietRounds, timed } from '../timing.js';
import { largeBox } from './large-box.js';
import { compareWithWindowMethod } from './peers.js';
import { besidePrototype } from './prototype.js';
import { variants } from './variants.js';

/** Windows and the ratio to the window method that is wanted on a processor with full-width AVX-512. */
const windows = [
  { windowSize: 20, goal: 70 },
  { windowSize: 26, goal: 140 },
  { windowSize: 32, goal: 75 },
] as const;

const unit = 'µs/voxel';

async function againstWindowMethod(
  { report }: BenchContext,
  maps: SyntheticMaps,
  variant: { readonly name: string; readonly mask: Uint8Array; readonly rounds: number; readonly goals: boolean },
): Promise<void> {
  for (const { windowSize, goal } of windows) {
    const { scaling, windowMethod } = await compareWithWindowMethod(
      { ...maps, mask: variant.mask, windowSize, form: 'atomic' },
      variant.rounds,
    );
    report({
      case: `window ${windowSize}, ${variant.name}, one thread`,
      value: scaling,
      unit,
      against: { what: 'FFTW window method', value: windowMethod, ...(variant.goals ? { goal } : {}) },
    });
  }
}

async function threads({ report, note }: BenchContext, maps: SyntheticMaps): Promise<void> {
  if (availableThreads() < 2) return note('two threads: left out, this process may use one processor only');
  const input = { ...maps, mask: maps.compact, windowSize: 26, form: 'atomic' } as const;
  const scale = (count: number) => timed(() => scaleWindows(input, { threads: count }));
  const times = await quietRounds(3, 8, async () => {
    const [one, two] = [await scale(1), await scale(2)];
    return { one: one.wall, two: two.wall, others: Math.max(one.others, two.others) };
  });
  const spoilt = describeDisturbance(times);
  if (spoilt !== null) note(spoilt);
  report({
    case: 'window 26, compact mask, two threads, on the clock',
    value: median(times.map(({ two }) => two)),
    unit: 's',
    against: { what: 'one thread', value: median(times.map(({ one }) => one)), goal: 1.9 },
  });
}

async function onAvx2(context: BenchContext, maps: SyntheticMaps): Promise<void> {
  if (nativeInfo().simd === 'AVX2' || !restrictSimd('AVX2')) {
    return context.note('AVX2: left out, this processor has nothing wider or no AVX2');
  }
  try {
    await againstWindowMethod(context, maps, {
      name: 'compact mask, AVX2',
      mask: maps.compact,
      rounds: 3,
      goals: false,
    });
  } finally {
    restrictSimd('');
  }
}

export const scalingBench: Bench = {
  name: 'scaling',
  about: 'windowed scaling of a 256³ map; processor time of the whole call',
  async run(context) {
    const maps = await syntheticMaps();
    for (const name of ['compact', 'ragged'] as const) {
      const { voxels, meanRun } = maskShape(maps[name], maps.edge);
      context.note(`${name} mask: ${voxels} voxels, mean run along x ${meanRun.toFixed(1)}`);
    }
    await againstWindowMethod(context, maps, { name: 'compact mask', mask: maps.compact, rounds: 5, goals: true });
    await againstWindowMethod(context, maps, { name: 'ragged mask', mask: maps.ragged, rounds: 3, goals: false });
    await onAvx2(context, maps);
    await variants(context, maps);
    await threads(context, maps);
    await largeBox(context, maps);
    await besidePrototype(context);
  },
};
