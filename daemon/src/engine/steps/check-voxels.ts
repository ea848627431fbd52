import { LocScaleError } from '@chimerax-like/rpc';
import { statistics } from '@locscale/native';
import { plural } from '../../volumes/index.js';
import type { Step } from '../context.js';

export interface VoxelCheck {
  readonly name: string;
  readonly voxels: Float32Array;
  readonly mayBeConstant: boolean;
}

/** Refuses voxels that are not finite, and (for maps) all voxels equal: the checks that reading a file makes, for raw voxels. */
export const checkVoxels: Step<VoxelCheck, void> = {
  name: 'checkVoxels',
  version: 1,
  run: async ({ name, voxels, mayBeConstant }, { signal }) => {
    const { min, max, nonFinite } = await statistics(voxels, { signal });
    if (nonFinite > 0)
      throw new LocScaleError(
        'input.voxels',
        `The ${name} has ${plural(nonFinite, 'voxel that is not a finite number', 'voxels that are not finite numbers')} (NaN or infinite), expected none; repair it or choose another file.`,
        { input: name, nonFinite },
      );
    if (min === max && !mayBeConstant)
      throw new LocScaleError(
        'input.voxels',
        `All voxels of the ${name} are ${min}, expected a map with contrast; choose another file.`,
        { input: name, value: min },
      );
  },
};
