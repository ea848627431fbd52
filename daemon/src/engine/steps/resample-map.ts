import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { fourierResample, splineResample } from '@locscale/native';
import type { Step } from '../context.js';
import type { Compatibility } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

export type Resampling = 'fourier' | 'linear' | 'quadratic';

export interface ResampleInput {
  readonly map: Float32Array;
  readonly grid: Grid;
  readonly method: Resampling;
  /** What the new grid is to have: a voxel size in Å, or a number of voxels along z. */
  readonly target:
    | { readonly kind: 'voxel-size'; readonly voxelSize: number }
    | { readonly kind: 'sections'; readonly sections: number };
  /** `locscale-2.3`: splines lay corner voxel on corner voxel, and planes that rounding puts outside the map are 0. */
  readonly compatibility: Compatibility;
}

export interface Resampled {
  readonly voxels: Float32Array;
  readonly grid: Grid;
}

type Triple = readonly [number, number, number];
const smallestEdge = 4;
const largestEdge = 4096;
/** Largest relative difference of the new voxel edges; more is no cube (docs/map-files.md). */
const cubeTolerance = 0.01;

/** Puts a map on a coarser or finer grid over the same box; voxel [0,0,0] stays where it is. */
export const resampleMap: Step<ResampleInput, Resampled> = {
  name: 'resampleMap',
  version: 1,
  run: async (input, { signal }) => {
    const { map, grid, method, target, compatibility } = input;
    const factor =
      target.kind === 'voxel-size' ? meanVoxelSize(grid) / target.voxelSize : target.sections / grid.shape[0];
    const edge = (n: number): number => Math.round(n * factor);
    const shape = [edge(grid.shape[0]), edge(grid.shape[1]), edge(grid.shape[2])] as const;
    if (shape.some((n) => n < smallestEdge || n > largestEdge))
      throw new LocScaleError(
        'input.parameter',
        `The new map would have ${shape.join(' × ')} voxels (z × y × x), expected ${smallestEdge} to ${largestEdge} an edge; choose another voxel size.`,
        { seen: shape },
      );
    if (method === 'fourier') {
      const resampled = { ...grid, shape: [...shape] as Grid['shape'], voxelSize: boxOver(grid, shape) };
      refuseUnequalEdges(resampled.voxelSize);
      return { grid: resampled, voxels: await fourierResample(map, grid.shape, [...shape], { signal }) };
    }
    const aligned = compatibility === 'locscale-2.3';
    const step = (n: number, m: number): number => (aligned ? (n - 1) / (m - 1) : 1 / factor);
    const steps: Triple = [step(grid.shape[0], shape[0]), step(grid.shape[1], shape[1]), step(grid.shape[2], shape[2])];
    const [x, y, z] = grid.voxelSize;
    const spline = { shape: [...shape] as Grid['shape'], step: steps, outside: aligned ? 'zero' : 'edge' } as const;
    return {
      grid: { ...grid, shape: [...shape], voxelSize: [x / factor, y / factor, z / factor] },
      voxels: await splineResample(map, grid.shape, method === 'linear' ? 1 : 2, spline, { signal }),
    };
  },
};

/** Voxel size (x, y, z) of the same box with other numbers of voxels (z, y, x). */
function boxOver({ shape, voxelSize }: Grid, to: Triple): Grid['voxelSize'] {
  return [(shape[2] * voxelSize[0]) / to[2], (shape[1] * voxelSize[1]) / to[1], (shape[0] * voxelSize[2]) / to[0]];
}

function refuseUnequalEdges(voxelSize: Grid['voxelSize']): void {
  const [least, most] = [Math.min(...voxelSize), Math.max(...voxelSize)];
  if (most <= least * (1 + cubeTolerance)) return;
  throw new LocScaleError(
    'input.parameter',
    `Whole numbers of voxels would give voxels of ${voxelSize.map((n) => n.toFixed(4)).join(' × ')} Å (x × y × z), which differ by more than 1 %; choose another voxel size, or splines (--order 1 or 2).`,
    { seen: voxelSize },
  );
}
