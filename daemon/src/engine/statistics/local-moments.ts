import type { Grid } from '@chimerax-like/rpc';
import { throwIfCancelled } from '../runner.js';
import { setImmediate as turn } from 'node:timers/promises';
import { determination } from './determination.js';
import { seededRandom } from './seeded-random.js';

/** Edge of a window in voxels, as LocScale has it. */
const windowEdge = 40;
const windowCount = 500;

/** How the moments of small parts of a map go together. */
export interface LocalMoments {
  readonly windows: number;
  /** Voxels. */
  readonly edge: number;
  readonly seed: number;
  /** R² of a parabola of the windows' kurtosis on their skewness. */
  readonly kurtosisOnSkewness: number | null;
  /** R² of a line of the windows' variance on their mean. */
  readonly varianceOnMean: number | null;
}

/**
 * Moments of the density in windows of 40³ voxels at random places, and how well one moment predicts another. The windows are
 * centred on voxels of the mask where there is one, and lie in the box as a whole; in boxes that are smaller, they are the box.
 */
export async function localMoments(
  map: Float32Array,
  { shape }: Grid,
  mask: Float32Array | undefined,
  seed: number,
  signal: AbortSignal,
): Promise<LocalMoments> {
  const edge = Math.min(windowEdge, ...shape);
  const random = seededRandom(seed);
  const centres = mask === undefined ? null : maskVoxels(mask);
  const means: number[] = [];
  const variances: number[] = [];
  const skewnesses: number[] = [];
  const kurtoses: number[] = [];
  for (let i = 0; i < windowCount; i++) {
    if (i % 16 === 0) {
      throwIfCancelled(signal);
      await turn();
    }
    const corner = centres === null ? anywhere(shape, edge, random) : around(shape, edge, pick(centres, random));
    const { mean, variance, skewness, kurtosis } = windowMoments(map, shape, corner, edge);
    if (variance === 0) continue;
    means.push(mean);
    variances.push(variance);
    skewnesses.push(skewness);
    kurtoses.push(kurtosis);
  }
  return {
    windows: means.length,
    edge,
    seed,
    kurtosisOnSkewness: determination(skewnesses, kurtoses, 2),
    varianceOnMean: determination(means, variances, 1),
  };
}

type Corner = readonly [z: number, y: number, x: number];

const anywhere = (shape: Grid['shape'], edge: number, random: () => number): Corner => {
  const [z, y, x] = shape.map((n) => Math.floor(random() * (n - edge + 1)));
  return [z ?? 0, y ?? 0, x ?? 0];
};

/** The window around a voxel, moved into the box. */
const around = ([nz, ny, nx]: Grid['shape'], edge: number, voxel: number): Corner => {
  const inside = (centre: number, n: number): number => Math.max(0, Math.min(n - edge, centre - Math.floor(edge / 2)));
  const [section, row] = [ny * nx, nx];
  return [
    inside(Math.floor(voxel / section), nz),
    inside(Math.floor((voxel % section) / row), ny),
    inside(voxel % row, nx),
  ];
};

const pick = (voxels: Uint32Array, random: () => number): number =>
  voxels[Math.floor(random() * voxels.length)] as number;

function maskVoxels(mask: Float32Array): Uint32Array | null {
  let count = 0;
  for (const value of mask) if (value >= 0.5) count++;
  if (count === 0) return null;
  const voxels = new Uint32Array(count);
  let next = 0;
  mask.forEach((value, i) => {
    if (value >= 0.5) voxels[next++] = i;
  });
  return voxels;
}

/** Mean, variance, skewness and excess kurtosis of a cube, in two passes. */
function windowMoments(
  map: Float32Array,
  [, ny, nx]: Grid['shape'],
  [z0, y0, x0]: Corner,
  edge: number,
): { readonly mean: number; readonly variance: number; readonly skewness: number; readonly kurtosis: number } {
  const n = edge ** 3;
  let sum = 0;
  for (let z = z0; z < z0 + edge; z++)
    for (let y = y0; y < y0 + edge; y++) {
      const row = (z * ny + y) * nx;
      for (let i = row + x0; i < row + x0 + edge; i++) sum += map[i] as number;
    }
  const mean = sum / n;
  let [second, third, fourth] = [0, 0, 0];
  for (let z = z0; z < z0 + edge; z++)
    for (let y = y0; y < y0 + edge; y++) {
      const row = (z * ny + y) * nx;
      for (let i = row + x0; i < row + x0 + edge; i++) {
        const difference = (map[i] as number) - mean;
        const square = difference * difference;
        second += square;
        third += square * difference;
        fourth += square * square;
      }
    }
  const variance = second / n;
  return { mean, variance, skewness: third / n / variance ** 1.5, kurtosis: fourth / n / variance ** 2 - 3 };
}
