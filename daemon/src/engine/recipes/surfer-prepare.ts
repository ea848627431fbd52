import { availableParallelism } from 'node:os';
import type { Grid, Warning } from '@chimerax-like/rpc';
import { forContext, isUsuallyEmbedded } from '../../networks/index.js';
import { voxelCount } from '../raw-file.js';
import { meanVoxelSize } from '../voxel-size.js';
import { checkTarget } from '../steps/onto-target.js';
import { checkGrids, withVoxelSize } from './grids.js';
import type { InputGrids, Preparation } from './recipe.js';

const MiB = 1024 * 1024;
/** Engine process with the addon and the runtime of networks. */
const baseBytes = 100 * MiB;
/** Beside each voxel of the map: map or half maps and mean, probabilities, mask, target, result. */
const bytesPerVoxel = 20;
/** Beside each voxel of the network's grid: map, standardised map, mask, sums, counts, result. */
const bytesPerWorkingVoxel = 21;

/** What a network costs: memory of a lane (weights, and what lies between its layers) at its first cube and later, the voxels that it works on, Å, its cubes, voxels. */
interface Cost {
  readonly firstBytes: number;
  readonly laneBytes: number;
  readonly voxelSize: number;
  readonly cube: number;
}
const embeddedCost: Cost = { firstBytes: 58 * MiB, laneBytes: 58 * MiB, voxelSize: 2, cube: 64 };
/** Of SURFER's own, and of others, which are likely to be smaller. */
const publishedCost: Cost = { firstBytes: 450 * MiB, laneBytes: 720 * MiB, voxelSize: 1, cube: 48 };

export interface SurferSettings {
  readonly network?: string | undefined;
  readonly voxelSize?: number | undefined;
  readonly threads?: number | undefined;
}

/** Checks the grids of a job and estimates its memory. */
export function prepareSurfer(grids: InputGrids, { voxelSize, threads, network }: SurferSettings): Preparation {
  const warnings: Warning[] = [];
  const { target, ...onMap } = grids;
  const own = checkGrids(named(onMap), (warning) => void warnings.push(warning));
  const map = withVoxelSize(own, voxelSize);
  const grid = target === undefined ? map : withVoxelSize(target, haveOne(own, target) ? voxelSize : undefined);
  checkTarget(map, grid);
  const voxels = Math.max(voxelCount(grid.shape), voxelCount(map.shape));
  const cost = (network ?? usualNetwork()) === forContext.embedded ? embeddedCost : publishedCost;
  const factor = meanVoxelSize(map) / cost.voxelSize;
  const working = voxelCount(map.shape) * factor ** 3;
  // One cube at least; a lane without one costs nothing.
  const cubes = map.shape.reduce((product, n) => product * Math.ceil((n * factor) / cost.cube), 1);
  const lanes = Math.min(cubes, threads ?? availableParallelism());
  return {
    grid,
    // No window slides over the map.
    windowSize: 0,
    warnings,
    outputBytes: 4 * voxelCount(grid.shape),
    peakBytes: Math.ceil(
      baseBytes +
        lanes * (cubes > lanes ? cost.laneBytes : cost.firstBytes) +
        bytesPerVoxel * voxels +
        bytesPerWorkingVoxel * working,
    ),
  };
}

const usualNetwork = (): string => (isUsuallyEmbedded(forContext) ? forContext.embedded : forContext.published);

/** A voxel size that is given holds for a target with the same voxels, too. */
const haveOne = (map: Grid, target: Grid): boolean => map.shape.every((n, axis) => n === target.shape[axis]);

/** The inputs under the names that messages use. */
function named(grids: InputGrids): InputGrids {
  const names: Readonly<Record<string, string>> = { 'halfMaps.0': 'half map 1', 'halfMaps.1': 'half map 2' };
  return Object.fromEntries(Object.entries(grids).map(([name, grid]) => [names[name] ?? name, grid]));
}
