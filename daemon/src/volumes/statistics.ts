import { setImmediate } from 'node:timers/promises';
import type { Statistics } from '@chimerax-like/rpc';

export interface VoxelScan {
  readonly statistics: Statistics;
  /** Voxels that are NaN or infinite; the statistics leave them out. */
  readonly nonFinite: number;
  /** Index of the first of them, or -1. */
  readonly firstNonFinite: number;
}

/** Voxels whose finiteness is tested at once, through their sum: long enough to cost nothing, short enough to search. */
const blockLength = 4096;
const zeroBlock = Buffer.alloc(4 * blockLength);
/** Most of a masked map is such blocks, and comparing bytes is ten times faster than adding numbers. */
const isZero = (voxels: Float32Array, start: number, end: number): boolean =>
  zeroBlock.compare(
    new Uint8Array(voxels.buffer, voxels.byteOffset + 4 * start, 4 * (end - start)),
    0,
    4 * (end - start),
    0,
    4 * (end - start),
  ) === 0;

/** About 10 ms; a multiple of the block. */
const voxelsBetweenPauses = 1024 * blockLength;

interface Sums {
  min: number;
  max: number;
  sum: number;
  squares: number;
  zeros: number;
  count: number;
  nonFinite: number;
  firstNonFinite: number;
}

/** A block that holds something not finite: one voxel after the other. */
const scanCarefully = (voxels: Float32Array, start: number, end: number, shift: number, sums: Sums): void => {
  for (let i = start; i < end; i++) {
    const value = voxels[i] as number;
    if (!Number.isFinite(value)) {
      sums.nonFinite++;
      if (sums.firstNonFinite < 0) sums.firstNonFinite = i;
      continue;
    }
    const shifted = value - shift;
    sums.count++;
    sums.sum += shifted;
    sums.squares += shifted * shifted;
    if (value === 0) sums.zeros++;
    if (value < sums.min) sums.min = value;
    if (value > sums.max) sums.max = value;
  }
};

/** A block of finite voxels: no test but minimum and maximum in the loop. */
const scanBlock = (voxels: Float32Array, start: number, end: number, shift: number, sums: Sums): boolean => {
  if (shift === 0 && isZero(voxels, start, end)) {
    sums.min = Math.min(sums.min, 0);
    sums.max = Math.max(sums.max, 0);
    sums.zeros += end - start;
    sums.count += end - start;
    return true;
  }
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let squares = 0;
  let zeros = 0;
  for (let i = start; i < end; i++) {
    const value = voxels[i] as number;
    const shifted = value - shift;
    sum += shifted;
    squares += shifted * shifted;
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // The square of a float32 stays finite in double precision, so this sum is finite exactly when all voxels are.
  if (!Number.isFinite(squares)) return false;
  sums.min = Math.min(sums.min, min);
  sums.max = Math.max(sums.max, max);
  sums.sum += sum;
  sums.squares += squares;
  sums.zeros += zeros;
  sums.count += end - start;
  return true;
};

const finish = (sums: Sums, shift: number): VoxelScan => {
  const { count, zeros, nonFinite, firstNonFinite } = sums;
  const none = count === 0;
  const meanShifted = none ? 0 : sums.sum / count;
  const variance = none ? 0 : sums.squares / count - meanShifted * meanShifted;
  const statistics: Statistics = {
    min: none ? 0 : sums.min,
    max: none ? 0 : sums.max,
    mean: shift + meanShifted,
    sd: Math.sqrt(Math.max(0, variance)),
    zeros,
  };
  return { statistics, nonFinite, firstNonFinite };
};

/**
 * Statistics of all voxels in one pass, accumulated in double precision. The sums are taken about the first voxel: a map whose
 * mean is large beside its standard deviation would lose digits otherwise. In plain TypeScript (0.3 s for 512³) so that maps can be
 * looked at where the native addon is missing. Gives way to other work now and then, and stops when `pause` throws.
 */
export const scanVoxels = async (voxels: Float32Array, pause: () => void = () => undefined): Promise<VoxelScan> => {
  const first = voxels[0] ?? 0;
  const shift = Number.isFinite(first) ? first : 0;
  const sums: Sums = {
    min: Infinity,
    max: -Infinity,
    sum: 0,
    squares: 0,
    zeros: 0,
    count: 0,
    nonFinite: 0,
    firstNonFinite: -1,
  };
  for (let start = 0; start < voxels.length; start += blockLength) {
    const end = Math.min(start + blockLength, voxels.length);
    if (!scanBlock(voxels, start, end, shift, sums)) scanCarefully(voxels, start, end, shift, sums);
    if (end % voxelsBetweenPauses === 0) {
      await setImmediate();
      pause();
    }
  }
  return finish(sums, shift);
};
