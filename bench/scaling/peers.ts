import { type AtomicForm, scaleWindows, type ScaleWindowsInput } from '@locscale/native';
import { timeWindowMethod } from '@locscale/native/oracle';
import { sampleVoxels } from '../data/masks.js';
import { median, rounds, timed } from '../timing.js';

/** Voxels that the window method is timed on; it takes the same time for every voxel. */
const sampled = 2000;
/** Relative root mean square difference of the two results above which they cannot have done the same work. */
const largestDifference = 1e-4;

/** What both can do: the form whose target is the reference map's own profile. */
export type AtomicInput = Extract<ScaleWindowsInput, { readonly form: 'atomic' }>;

export interface Compared {
  /** Microseconds of processor time a mask voxel: the whole call on one thread, and the window method. */
  readonly scaling: number;
  readonly windowMethod: number;
}

function requireSameValues(scaled: Float32Array, voxels: Uint32Array, values: Float32Array): void {
  let difference = 0;
  let power = 0;
  voxels.forEach((voxel, i) => {
    difference += ((scaled[voxel] as number) - (values[i] as number)) ** 2;
    power += (values[i] as number) ** 2;
  });
  const relative = Math.sqrt(difference / power);
  if (relative < largestDifference) return;
  throw new Error(
    `The scaling and the window method differ by ${relative.toExponential(1)} of their size, expected less than ${largestDifference}; run the tests of the scaling.`,
  );
}

/** Times the scaling kernel and the FFTW window method in turn on the same maps, one thread each; medians. */
export async function compareWithWindowMethod(input: ScaleWindowsInput & AtomicForm, count: number): Promise<Compared> {
  const voxels = sampleVoxels(input.mask, sampled);
  const total = input.mask.reduce((sum, value) => sum + value, 0);
  // Plans of FFTW and the first touch of the memory are nobody's cost.
  const { values } = await timeWindowMethod({ ...input, voxels });
  requireSameValues((await scaleWindows(input)).scaled, voxels, values);
  const times = await rounds(count, async () => {
    const { seconds } = await timeWindowMethod({ ...input, voxels });
    const { cpu } = await timed(() => scaleWindows(input, { threads: 1 }));
    return { scaling: (1e6 * cpu) / total, windowMethod: (1e6 * seconds) / voxels.length };
  });
  return {
    scaling: median(times.map((time) => time.scaling)),
    windowMethod: median(times.map((time) => time.windowMethod)),
  };
}
