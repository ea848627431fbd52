import { LocScaleError, type Grid } from '@chimerax-like/rpc';
import type { PointGroup } from './point-group.js';
import { product, rotationAbout, type Rotation } from './rotations.js';

/** A rotation about the centre, followed by a shift along z in Å. */
export interface SpaceOperator {
  readonly rotation: Rotation;
  readonly rise: number;
}

/** A helix about z: one subunit goes to the next by a right-handed turn of `twist` degrees and a shift of `rise` Å along +z. */
export interface Helix {
  readonly twist: number;
  readonly rise: number;
}

/** Position in voxels, (z, y, x), voxel centres at whole numbers. */
export type Centre = readonly [z: number, y: number, x: number];

/** The centre of RELION and EMDA: voxel n/2 rounded down, along each axis. */
export const middleVoxel = ([nz, ny, nx]: Grid['shape']): Centre => [
  Math.floor(nz / 2),
  Math.floor(ny / 2),
  Math.floor(nx / 2),
];

/** The operators of a point group, times those of a helix as far as its copies can lie inside the box. */
export function spaceOperators(group: PointGroup, helix: Helix | null, grid: Grid): readonly SpaceOperator[] {
  if (helix === null) return group.rotations.map((rotation) => ({ rotation, rise: 0 }));
  checkHelix(group, helix);
  const copies = Math.floor(((grid.shape[0] - 1) * grid.voxelSize[2]) / helix.rise + 1e-9);
  const steps = [0, ...Array.from({ length: copies }, (_, k) => [k + 1, -k - 1]).flat()];
  return steps.flatMap((k) => {
    const turn = rotationAbout([0, 0, 1], k * helix.twist);
    return group.rotations.map((rotation) => ({ rotation: product(turn, rotation), rise: k * helix.rise }));
  });
}

function checkHelix(group: PointGroup, { twist, rise }: Helix): void {
  if (!/^[CD]/.test(group.name))
    throw new LocScaleError(
      'input.parameter',
      `The symmetry ${group.name} has no axis that a helix could share; give Cn or Dn with a helix.`,
    );
  if (Number.isFinite(twist) && Math.abs(twist) <= 360 && Number.isFinite(rise) && rise >= 0.1) return;
  throw new LocScaleError(
    'input.parameter',
    `The helix has a twist of ${twist}° and a rise of ${rise} Å; expected -360° to 360° and at least 0.1 Å (a left-handed helix has a negative twist).`,
  );
}

/** Operators as the kernels take them: rows (z, y, x) of [matrix | translation] on voxel positions. */
export function voxelOperators(operators: readonly SpaceOperator[], grid: Grid, centre: Centre): Float64Array {
  const size = [grid.voxelSize[2], grid.voxelSize[1], grid.voxelSize[0]] as const; // Å along (z, y, x)
  const numbers = operators.flatMap(({ rotation, rise }) =>
    ([0, 1, 2] as const).flatMap((i) => {
      // A rotation in Å between axes whose voxel edges differ a little is no pure rotation in voxels.
      const row = ([0, 1, 2] as const).map(
        (j) => ((rotation[2 - i] as Rotation[0])[2 - j] as number) * (size[j] / size[i]),
      );
      const turned = (row[0] as number) * centre[0] + (row[1] as number) * centre[1] + (row[2] as number) * centre[2];
      return [...row, centre[i] - turned + (i === 0 ? rise / size[0] : 0)];
    }),
  );
  return Float64Array.from(numbers);
}

const axisNames = ['z', 'y', 'x'] as const;

/**
 * Pairs of axes that some operator mixes although the box has different lengths along them: there it would take parts of
 * the box outside. A 2-fold along an axis mixes none, Cn from C3 on and helices mix x and y, T, O and I mix all.
 */
export function unequalAxes(operators: readonly SpaceOperator[], shape: Grid['shape']): readonly string[] {
  const pairs = (
    [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const
  ).filter(
    // prettier-ignore
    ([i, j]) =>
      shape[i] !== shape[j] &&
      operators.some(({ rotation }) => Math.abs((rotation[2 - i] as Rotation[0])[2 - j] as number) > 1e-6),
  );
  return pairs.map(([i, j]) => `${axisNames[j]} (${shape[j]} voxels) and ${axisNames[i]} (${shape[i]} voxels)`);
}
