import { totalmem } from 'node:os';
import { availableParallelism } from 'node:os';
import { bytesOfLane } from '../../networks/index.js';
import { voxelCount } from '../raw-file.js';
import { networkShape } from '../steps/network-grid.js';
import type { Preparation } from './recipe.js';

/** Weights of the largest network that is known here, and the share of the machine that lanes may take. */
const largestGraph = 92 * 2 ** 20;
const memoryShare = 0.5;
/** Map, mask, sums, weights and what is kept of them, at 1 Å; two maps and their transforms on the map's grid. */
const [bytesAtNetwork, bytesAtMap] = [25, 24];

export interface PredictionMemory {
  readonly network?: string | undefined;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number | undefined;
}

/** Adds what a network takes to the estimate of a job. Which network it will be is not known from headers, so the largest counts. */
export function withPrediction(preparation: Preparation, { threads, device }: PredictionMemory): Preparation {
  const { grid, peakBytes } = preparation;
  const lanes = device === 'auto' || device === 'cpu' ? (threads ?? availableParallelism()) : 1;
  const network = Math.min(lanes * bytesOfLane(largestGraph), memoryShare * totalmem());
  const maps = bytesAtNetwork * voxelCount(networkShape(grid)) + bytesAtMap * voxelCount(grid.shape);
  return { ...preparation, peakBytes: Math.max(peakBytes, Math.ceil(peakBytes / 2 + network + maps)) };
}
