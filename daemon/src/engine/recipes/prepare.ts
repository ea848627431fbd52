import { availableParallelism } from 'node:os';
import type { Warning } from '@chimerax-like/rpc';
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

export interface SharpeningSettings {
  readonly voxelSize?: number | undefined;
  readonly windowSize?: number | undefined;
  readonly threads?: number | undefined;
  readonly maskFilter?: number | undefined;
  readonly fscFilter: boolean;
  /** Whether maps of local B-factors are made. */
  readonly measured: boolean;
}

/** Checks grids and window of a job and estimates its memory. */
export function prepareSharpening(grids: InputGrids, settings: SharpeningSettings): Preparation {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const grid = withVoxelSize(checkGrids(named(grids), warn), settings.voxelSize);
  const windowSize = chooseWindow(grid, settings.windowSize, warn);
  const voxels = voxelCount(grid.shape);
  const threads = settings.threads ?? availableParallelism();
  const garbage = Math.min(3 * 4 * voxels, garbageBytes);
  return {
    grid,
    windowSize,
    warnings,
    outputBytes: 4 * voxels,
    peakBytes: baseBytes + threads * scratchBytes + Math.ceil(voxels * bytesPerVoxel(grids, settings)) + garbage,
  };
}

/**
 * Most bytes per voxel at any time; the steps run one after the other (docs/performance.md says what was measured).
 * Scaling: map, reference and result in float32 (reading two half maps and making their mean takes as much), one byte of binary
 * mask, a quarter byte of bit masks; B-factors and their R² in float32.
 */
function bytesPerVoxel(grids: InputGrids, { measured, maskFilter, fscFilter }: SharpeningSettings): number {
  const halves = 'halfMaps.0' in grids;
  const reference = 'reference' in grids ? 4 : 0;
  const scaling = 4 + reference + 4 + 1.25 + (measured ? 8 : 0);
  // Map and confidence in float32, positions of the voxels in the ball; a filter works in double precision.
  const masking = 'mask' in grids ? 0 : 4 + 4 + 1 + 5 + (maskFilter === undefined ? 0 : 16);
  // Both half maps, their mean, and two spectra in double precision.
  const correlating = halves && (fscFilter || measured) ? 12 + 16 : 0;
  const loading = halves ? 12 : 4;
  return Math.max(scaling, masking, correlating, loading + 1.25);
}

export interface OutputSettings {
  readonly measured: boolean;
  readonly localResolution: boolean;
  readonly localFilter: boolean;
}

/** Names of the volumes that a request leads to. */
export function sharpeningOutputs(
  inputs: Readonly<Record<string, unknown>>,
  { measured, localResolution, localFilter }: OutputSettings,
): readonly string[] {
  return [
    'sharpened',
    ...(measured ? ['bfactors', 'qualities'] : []),
    ...(localResolution || localFilter ? ['localResolution'] : []),
    ...(inputs['mask'] === undefined ? ['mask'] : []),
  ];
}

/** The inputs under the names that messages use. */
function named(grids: InputGrids): InputGrids {
  const names: Readonly<Record<string, string>> = {
    'halfMaps.0': 'half map 1',
    'halfMaps.1': 'half map 2',
    reference: 'reference map',
    differenceMask: 'difference mask',
  };
  return Object.fromEntries(Object.entries(grids).map(([name, grid]) => [names[name] ?? name, grid]));
}
