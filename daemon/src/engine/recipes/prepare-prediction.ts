import { availableParallelism, totalmem } from 'node:os';
import { bytesOfLane, graphBytes } from '../../networks/index.js';
import { voxelCount } from '../raw-file.js';
import { networkShape } from '../steps/network-grid.js';
import type { Preparation } from './recipe.js';

/** Graph of the largest network that is known here, where the one that was named is not found. */
const largestGraph = 92 * 2 ** 20;
/** Share of the machine that lanes may take. */
const memoryShare = 0.5;
/** The engine before any voxel is loaded; measured. */
const engineBytes = 88 * 2 ** 20;
/**
 * Map, mask, sums, weights and what is kept of them, at 1 Å, and the transforms of a map that comes from another grid and goes back; two
 * maps and their transforms on the map's grid. Measured with boxes of 72 to 288 Å.
 */
const [bytesAtNetwork, bytesOfTransforms, bytesAtMap] = [25, 16, 24];

export interface PredictionMemory {
  readonly network?: string | undefined;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number | undefined;
  readonly monteCarlo?: boolean | undefined;
}

/** The estimate of a job whose largest part is the prediction by a network. */
export function withPrediction(preparation: Preparation, settings: PredictionMemory): Preparation {
  const { grid, peakBytes } = preparation;
  const { threads, device, network: name, monteCarlo = false } = settings;
  const lanes = device === 'auto' || device === 'cpu' ? (threads ?? availableParallelism()) : 1;
  const lane = bytesOfLane(graphBytes(name) ?? largestGraph, monteCarlo);
  const network = Math.min(lanes * lane, Math.max(lane, memoryShare * totalmem()));
  const shape = networkShape(grid);
  const isOther = shape.some((n, axis) => n !== grid.shape[axis]);
  const bytesAtOneAngstrom = bytesAtNetwork + (isOther ? bytesOfTransforms : 0);
  const maps = bytesAtOneAngstrom * voxelCount(shape) + bytesAtMap * voxelCount(grid.shape);
  return { ...preparation, peakBytes: Math.max(peakBytes, Math.ceil(engineBytes + network + maps)) };
}
