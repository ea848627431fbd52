import { availableParallelism } from 'node:os';
import type { Grid, Warning } from '@chimerax-like/rpc';
import { voxelCount } from '../raw-file.js';
import { meanVoxelSize } from '../voxel-size.js';
import { checkTarget } from '../steps/onto-target.js';
import { checkGrids, withVoxelSize } from './grids.js';
import type { InputGrids, Preparation } from './recipe.js';

const MiB = 1024 * 1024;
/** Engine process with the addon and the runtime of networks. */
const baseBytes = 190 * MiB;
/** One lane of SURFER's network, the larger of the two: weights, and what lies between its layers. */
const laneBytes = 420 * MiB;
/** Beside each voxel of the map: map or half maps and mean, probabilities, mask, target, result. */
const bytesPerVoxel = 30;
/** Beside each voxel of the network's grid: map, standardised map, mask, sums, counts, result. */
const bytesPerWorkingVoxel = 34;
/** The finest grid that a network works on, Å. */
const finestWorking = 1;

export interface SurferSettings {
  readonly voxelSize?: number | undefined;
  readonly threads?: number | undefined;
}

/** Checks the grids of a job and estimates its memory. */
export function prepareSurfer(grids: InputGrids, { voxelSize, threads }: SurferSettings): Preparation {
  const warnings: Warning[] = [];
  const { target, ...onMap } = grids;
  const own = checkGrids(named(onMap), (warning) => void warnings.push(warning));
  const map = withVoxelSize(own, voxelSize);
  const grid = target === undefined ? map : withVoxelSize(target, haveOne(own, target) ? voxelSize : undefined);
  checkTarget(map, grid);
  const voxels = Math.max(voxelCount(grid.shape), voxelCount(map.shape));
  const working = voxelCount(map.shape) * Math.max(1, meanVoxelSize(map) / finestWorking) ** 3;
  return {
    grid,
    // No window slides over the map.
    windowSize: 0,
    warnings,
    outputBytes: 4 * voxelCount(grid.shape),
    peakBytes: Math.ceil(
      baseBytes +
        (threads ?? availableParallelism()) * laneBytes +
        bytesPerVoxel * voxels +
        bytesPerWorkingVoxel * working,
    ),
  };
}

/** A voxel size that is given holds for a target with the same voxels, too. */
const haveOne = (map: Grid, target: Grid): boolean => map.shape.every((n, axis) => n === target.shape[axis]);

/** The inputs under the names that messages use. */
function named(grids: InputGrids): InputGrids {
  const names: Readonly<Record<string, string>> = { 'halfMaps.0': 'half map 1', 'halfMaps.1': 'half map 2' };
  return Object.fromEntries(Object.entries(grids).map(([name, grid]) => [names[name] ?? name, grid]));
}
