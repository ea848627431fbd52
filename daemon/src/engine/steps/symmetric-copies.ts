import type { Grid } from '@chimerax-like/rpc';
import type { ModelCopies } from '@locscale/native';
import type { Step } from '../context.js';
import type { Vector } from '../symmetry/rotations.js';
import { operatorsOfClaim, type SymmetryClaim } from './symmetrise.js';

export interface SymmetricCopiesInput {
  readonly claim: SymmetryClaim;
  readonly grid: Grid;
}

/** Where a model's copies by symmetry lie, each with its share of the occupancy: exact where averaging a map interpolates. */
export const symmetricCopies: Step<SymmetricCopiesInput, ModelCopies> = {
  name: 'symmetricCopies',
  version: 1,
  run: ({ claim, grid }) => {
    const { operators, centre } = operatorsOfClaim(claim, grid);
    const [z, y, x] = centre;
    const { origin, voxelSize } = grid;
    const middle: Vector = [origin[0] + x * voxelSize[0], origin[1] + y * voxelSize[1], origin[2] + z * voxelSize[2]];
    const numbers = operators.flatMap(({ rotation, rise }) =>
      rotation.flatMap((row, axis) => {
        const turned = row[0] * middle[0] + row[1] * middle[1] + row[2] * middle[2];
        return [...row, (middle[axis] ?? 0) - turned + (axis === 2 ? rise : 0)];
      }),
    );
    return { operators: Float64Array.from(numbers), weight: 'average' };
  },
};
