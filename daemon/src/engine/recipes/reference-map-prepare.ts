import { availableParallelism } from 'node:os';
import { type Grid, referenceMap as descriptor, type Warning } from '@chimerax-like/rpc';
import { voxelCount } from '../raw-file.js';
import { checkGrids, withVoxelSize } from './grids.js';
import type { InputGrids, Preparation } from './recipe.js';
import { chooseWindow } from './window.js';

const MiB = 1024 * 1024;
/** Engine process with the addon, before any voxel is loaded; measured. */
const baseBytes = 74 * MiB;
/** Scratch of one thread of the scaling kernel for usual windows; measured. */
const scratchBytes = 5 * MiB;
/** Arrays that are done with and not yet collected: the collector lets about this much pass, and no more than three maps are freed. */
const garbageBytes = 16 * MiB;

/** Checks grids and window of a job and estimates its memory. */
export function prepareReferenceMap(grids: InputGrids, given: Readonly<Record<string, unknown>>): Preparation {
  const parameters = descriptor.parameters.parse(given);
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const grid = withVoxelSize(checkGrids(named(grids), warn), parameters.voxelSize);
  const windowSize = chooseWindow(grid, parameters.windowSize, warn);
  return {
    grid,
    windowSize,
    warnings,
    outputBytes: 4 * voxelCount(grid.shape),
    peakBytes: estimatePeak(grid.shape, parameters.threads ?? availableParallelism()),
  };
}

/**
 * Peak memory of a job. Per voxel: map, reference and result in float32 while scaling (reading two half maps and making
 * their mean takes as much), one byte of binary mask and a quarter byte of bit masks. Within 20 % of what is measured
 * from 64³ to 320³ voxels (test/daemon/11).
 */
function estimatePeak(shape: Grid['shape'], threads: number): number {
  const voxels = voxelCount(shape);
  const garbage = Math.min(3 * 4 * voxels, garbageBytes);
  return baseBytes + threads * scratchBytes + Math.ceil(voxels * 13.25) + garbage;
}

/** The inputs under the names that messages use. */
function named(grids: InputGrids): InputGrids {
  const names: Readonly<Record<string, string>> = {
    'halfMaps.0': 'half map 1',
    'halfMaps.1': 'half map 2',
    reference: 'reference map',
  };
  return Object.fromEntries(Object.entries(grids).map(([name, grid]) => [names[name] ?? name, grid]));
}
