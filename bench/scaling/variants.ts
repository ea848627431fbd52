import { scaleWindows, type AtomicForm, type ScaleWindowsInput } from '@locscale/native';
import { voxelSize, type SyntheticMaps } from '../data/synthetic-maps.js';
import type { BenchContext } from '../measurement.js';
import { median, rounds, timed } from '../timing.js';

const windows = [20, 26, 32] as const;

/** Times the usual scaling that a variant of it may take. */
const most = { shell: 2.5, theoretical: 1.15 } as const;

/** Any curve that falls as a protein's does: the time does not depend on it. */
const theory = (windowSize: number): Float64Array =>
  Float64Array.from({ length: windowSize / 2 + 1 }, (_, r) => 4000 * Math.exp(-r / 3) + 300);

/** What full-shell profiles and the theoretical form cost beside the usual scaling (octant, atomic), timed in turn. */
export async function variants({ report }: BenchContext, maps: SyntheticMaps): Promise<void> {
  const voxels = maps.compact.reduce((sum, value) => sum + value, 0);
  for (const windowSize of windows) {
    const usual: ScaleWindowsInput & AtomicForm = { ...maps, mask: maps.compact, windowSize, form: 'atomic' };
    const cutoffs = { voxelSize, wilsonCutoff: 10, fscCutoff: 3.2, nyquistCutoff: 2.6, boost: 1.5 };
    const inputs: Readonly<Record<'usual' | keyof typeof most, ScaleWindowsInput>> = {
      usual,
      shell: { ...usual, profile: 'shell' },
      theoretical: { ...usual, form: 'theoretical', ...cutoffs, theory: theory(windowSize) },
    };
    const time = async (input: ScaleWindowsInput): Promise<number> =>
      (1e6 * (await timed(() => scaleWindows(input, { threads: 1 }))).cpu) / voxels;
    const times = await rounds(5, async () => ({
      usual: await time(inputs.usual),
      shell: await time(inputs.shell),
      theoretical: await time(inputs.theoretical),
    }));
    const middle = (name: keyof typeof inputs): number => median(times.map((time) => time[name]));
    for (const [name, label, against] of [
      ['shell', 'full-shell profiles', 'octant profiles'],
      ['theoretical', 'theoretical form', 'atomic form'],
    ] as const) {
      report({
        case: `window ${windowSize}, ${label}, compact mask, one thread`,
        value: middle(name),
        unit: 'µs/voxel',
        against: { what: against, value: middle('usual'), goal: 1 / most[name] },
      });
    }
  }
}
