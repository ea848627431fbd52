/**
 * The process of the large box: node --expose-gc large-box-child.js FOLDER EDGE. Reads a small map, reference and mask,
 * repeats them on a box of twice the edge, scales that, and prints what it took.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { scaleWindows } from '@locscale/native';
import { describeDisturbance, median, quietRounds, timed } from '../timing.js';
import { measurePeak } from './peak-memory.js';

export interface LargeBoxResult {
  readonly seconds: number;
  readonly processorSeconds: number;
  /** What other processes did to the time, in words. */
  readonly disturbance: string | null;
  /** Largest memory of the process during the call, less what it had before with the inputs in it. */
  readonly peakBytes: number;
  readonly boxVoxels: number;
  readonly maskVoxels: number;
}

/** Copies of a box of `edge` in the octants of one of twice the edge, octant 0 at the origin, octant 1 next to it along x. */
async function repeated<A extends Float32Array | Uint8Array>(
  path: string,
  edge: number,
  large: A,
  row: A,
  octants: readonly number[],
): Promise<A> {
  const file = await open(path);
  try {
    for (let line = 0; line < edge * edge; line++) {
      await file.read(row, 0, row.byteLength);
      const [z, y] = [Math.floor(line / edge), line % edge];
      for (const octant of octants) {
        const from = ((z + edge * (octant >> 2)) * 2 * edge + y + edge * ((octant >> 1) & 1)) * 2 * edge;
        large.set(row, from + edge * (octant & 1));
      }
    }
  } finally {
    await file.close();
  }
  return large;
}

const [folder = '', edgeText = ''] = process.argv.slice(2);
const edge = Number(edgeText);
const boxVoxels = (2 * edge) ** 3;
const floats = (name: string): Promise<Float32Array> =>
  repeated(join(folder, name), edge, new Float32Array(boxVoxels), new Float32Array(edge), [0, 1, 2, 3, 4, 5, 6, 7]);

const input = {
  map: await floats('map'),
  reference: await floats('reference'),
  mask: await repeated(
    join(folder, 'mask'),
    edge,
    new Uint8Array(boxVoxels).fill(0),
    new Uint8Array(edge),
    [0, 3, 4, 6, 7],
  ),
  shape: [2 * edge, 2 * edge, 2 * edge],
  windowSize: 26,
  form: 'atomic',
} as const;
const { peakBytes, result } = await measurePeak(() => scaleWindows(input));
const times = await quietRounds(3, 5, async () => {
  global.gc?.();
  const { wall, cpu, others } = await timed(() => scaleWindows(input));
  return { wall, cpu, others };
});
const report: LargeBoxResult = {
  seconds: median(times.map(({ wall }) => wall)),
  processorSeconds: median(times.map(({ cpu }) => cpu)),
  disturbance: describeDisturbance(times),
  peakBytes,
  boxVoxels,
  maskVoxels: result.scaledVoxels,
};
console.log(JSON.stringify(report));
