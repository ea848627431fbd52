import type { Grid } from '@chimerax-like/rpc';
import { subtractContext as subtract } from '@locscale/native';
import type { Step } from '../context.js';

export interface SubtractInput {
  /** Probability of each voxel to be context. */
  readonly context: Float32Array;
  /** The map that it is taken out of, on the same grid. */
  readonly target: Float32Array;
  readonly grid: Grid;
  readonly threshold: number;
  /** Edge of the cube over which the binary mask is averaged, voxels. */
  readonly smoothing: number;
  readonly largest: boolean;
  readonly inverse: boolean;
  readonly threads?: number | undefined;
}

/** What is told of the components; a noisy segmentation has thousands of single voxels. */
const mostTold = 20;

export interface ContextFacts {
  /** How many pieces reach the threshold; voxels that share faces hang together. */
  readonly components: number;
  /** Volumes of the largest ones, Å³, at most twenty. */
  readonly volumes: readonly number[];
  /** Volume of what is taken as context, Å³. */
  readonly contextVolume: number;
  /** Volume of all pieces, Å³. */
  readonly allVolume: number;
  /** Highest probability in the map. */
  readonly highest: number;
}

export interface Subtracted {
  readonly cleaned: Float32Array;
  /** The smoothed mask, 0 to 1. */
  readonly mask: Float32Array;
  readonly facts: ContextFacts;
}

/** Takes context out of a map. No network runs here: threshold, smoothing and choice of components are a matter of milliseconds. */
export const subtractContext: Step<SubtractInput, Subtracted> = {
  name: 'subtractContext',
  version: 1,
  unkeyed: ['threads'],
  run: async (input, { signal, warn }) => {
    const { context, target, grid, threshold, smoothing, largest, inverse, threads } = input;
    const { cleaned, mask, components, contextVoxels } = await subtract(
      { probability: context, target, shape: grid.shape, threshold, smoothing, largest, inverse },
      { signal, withMask: true, ...(threads === undefined ? {} : { threads }) },
    );
    const facts = contextFacts(grid, components, contextVoxels, highestOf(context));
    if (components.length === 0)
      warn({ kind: 'input.voxels', message: nothingFound(threshold, facts.highest, inverse) });
    return { cleaned, mask, facts };
  },
};

/** What is told of the pieces, in Å³; `components` and `contextVoxels` are numbers of voxels. */
export function contextFacts(
  { voxelSize: [x, y, z] }: Grid,
  components: Float64Array,
  contextVoxels: number,
  highest: number,
): ContextFacts {
  const volume = x * y * z;
  return {
    components: components.length,
    volumes: [...components.subarray(0, mostTold)].map((voxels) => voxels * volume),
    contextVolume: contextVoxels * volume,
    allVolume: components.reduce((sum, voxels) => sum + voxels, 0) * volume,
    highest,
  };
}

export function highestOf(context: Float32Array): number {
  let highest = 0;
  for (const value of context) if (value > highest) highest = value;
  return highest;
}

export const nothingFound = (threshold: number, highest: number, inverse: boolean): string =>
  `No voxel reaches the threshold ${threshold} (the highest probability is ${Math.floor(highest * 1000) / 1000}), so ${
    inverse ? 'there is no context and the map is 0 everywhere' : 'the map is unchanged'
  }; lower the threshold, or check that the map has a belt.`;
