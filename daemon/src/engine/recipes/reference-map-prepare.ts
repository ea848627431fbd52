import { availableParallelism } from 'node:os';
import { type Grid, referenceMap as descriptor, type Warning } from '@chimerax-like/rpc';
import { voxelCount } from '../raw-file.js';
import { checkGrids, withVoxelSize } from './grids.js';
import type { InputGrids, Preparation } from './recipe.js';
import { chooseWindow } from './window.js';

/** Engine process with the addon, before any voxel is loaded; measured. */
const baseBytes = 120 * 1024 * 1024;
/** Scratch of one thread of the scaling kernel. */
const scratchBytes = 15 * 1024 * 1024;

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
 * Peak memory of a job: per voxel four float32 (map, reference, mask as loaded, result; combining two half maps into a
 * third needs no more), one byte of binary mask and a quarter byte of bit masks, and 15 MB of scratch per thread.
 */
function estimatePeak(shape: Grid['shape'], threads: number): number {
  return baseBytes + Math.ceil(voxelCount(shape) * 17.25) + threads * scratchBytes;
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
