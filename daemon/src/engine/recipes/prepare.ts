import { availableParallelism } from 'node:os';
import type { Grid, Warning } from '@chimerax-like/rpc';
import { voxelCount } from '../raw-file.js';
import { checkGrids, withVoxelSize } from './grids.js';
import type { InputGrids, InputModels, Preparation } from './recipe.js';
import { chooseWindow } from './window.js';

const MiB = 1024 * 1024;
/** Engine process with the addon, before any voxel is loaded; measured. */
const baseBytes = 78 * MiB;
/** Scratch of one thread of the scaling kernel for usual windows; measured. */
const scratchBytes = 5 * MiB;
/** Arrays that are done with and not yet collected: the collector lets about this much pass, and no more than three maps are freed. */
const garbageBytes = 32 * MiB;
/** The library for PDF files and the page in memory, and what the report needs of each voxel; measured. */
const reportBytes = 260 * MiB;
const reportBytesPerVoxel = 23;
/** Columns, text, neighbours and gradients of an atom. */
const bytesPerAtom = 1500;
/** Room of a pseudo-atom in a mask that fills the box, Å³ (models.md 1). */
const cubicPerPseudoAtom = 16;

export interface SharpeningSettings {
  readonly voxelSize?: number | undefined;
  readonly windowSize?: number | undefined;
  readonly threads?: number | undefined;
  readonly maskFilter?: number | undefined;
  readonly resolution?: number | undefined;
  readonly referenceResolution?: number | undefined;
  readonly symmetry?: string | undefined;
  readonly helix?: readonly number[] | undefined;
  readonly fscFilter: boolean;
  readonly localResolution: boolean;
  readonly localFilter: boolean;
  readonly localCutoff: boolean;
  readonly audit: boolean;
  readonly report: boolean;
  /** Whether maps of local B-factors are made. */
  readonly measured: boolean;
  /** Whether pseudo-atoms are placed. */
  readonly pseudoAtoms?: boolean | undefined;
}

/** Checks grids and window of a job and estimates its memory. */
export function prepareSharpening(grids: InputGrids, settings: SharpeningSettings, models: InputModels): Preparation {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const grid = withVoxelSize(checkGrids(named(grids), warn), settings.voxelSize);
  const windowSize = chooseWindow(grid, settings.windowSize, warn);
  const voxels = voxelCount(grid.shape);
  const threads = settings.threads ?? availableParallelism();
  // An audit lies between the scaling and the writing, and by its end half of them are collected; measured.
  const garbage = Math.min(3 * 4 * voxels, settings.audit ? garbageBytes / 2 : garbageBytes);
  return {
    grid,
    windowSize,
    warnings,
    outputBytes: 4 * voxels,
    peakBytes:
      baseBytes +
      threads * scratchBytes +
      Math.ceil(voxels * bytesPerVoxel(grids, settings, 'model' in models)) +
      bytesPerAtom * atomsIn(grid, settings, models) +
      garbage +
      (settings.report ? reportBytes : 0),
  };
}

/**
 * Most bytes per voxel at any time: the steps run one after the other, and each needs what is loaded by then and its own arrays.
 * The numbers of steps were measured with 128³ and 192³ voxels; a test holds the sum against the peak of the engine.
 */
function bytesPerVoxel(grids: InputGrids, settings: SharpeningSettings, modelled: boolean): number {
  const halves = 'halfMaps.0' in grids;
  const fromAtoms = modelled || settings.pseudoAtoms === true;
  const reference = 'reference' in grids || fromAtoms ? 4 : 0;
  const difference = 'differenceMask' in grids ? 1 : 0;
  const masked = 'mask' in grids;
  const { measured, maskFilter, fscFilter, resolution, referenceResolution, symmetry = 'C1', helix } = settings;
  const correlates = halves && (fscFilter || (measured && resolution === undefined));
  const needs: readonly (readonly [boolean, number])[] = [
    // Both half maps and their mean, or the map; one byte of binary mask and a quarter byte of bit masks.
    [true, (halves ? 12 : 4) + 1.25],
    // Map, reference and result; B-factors and their R².
    [true, 4 + reference + 4 + 1.25 + difference + (measured ? 8 : 0)],
    // Confidences, their mask and the positions of the voxels in the ball, beside the map and what it was made from.
    [!masked, 17.5 + (maskFilter === undefined ? 0 : 2)],
    // Both half maps and their spectra; a mask that was made before, with its confidences and its map.
    [correlates, 8 + 12.5 + (masked ? 0 : 10.5)],
    // Maps, their part around the atoms, and the working grid of the refinement, at most as fine as the map's.
    [fromAtoms, (halves ? 12 : 4) + 1.25 + 32],
    [fscFilter, 33],
    [referenceResolution !== undefined, 20.5],
    [symmetry.toUpperCase() !== 'C1' || helix !== undefined, 28],
    [settings.localResolution || settings.localCutoff, 25],
    [settings.localFilter, 27],
    [settings.audit || settings.report, 17],
    [settings.report, reportBytesPerVoxel],
  ];
  return Math.max(...needs.filter(([needed]) => needed).map(([, bytes]) => bytes));
}

/** Atoms at most: of the models, and of pseudo-atoms in a mask that fills an eighth of the box. */
function atomsIn(grid: Grid, { pseudoAtoms = false }: SharpeningSettings, models: InputModels): number {
  const given = Object.values(models).reduce((sum, { atoms }) => sum + atoms, 0);
  const [x, y, z] = grid.voxelSize;
  const room = (voxelCount(grid.shape) * x * y * z) / 8;
  return given + (pseudoAtoms ? Math.ceil(room / cubicPerPseudoAtom) : 0);
}

export interface OutputSettings {
  readonly measured: boolean;
  readonly localResolution: boolean;
  readonly localFilter: boolean;
  readonly localCutoff: boolean;
}

/** Names of the volumes that a request leads to. */
export function sharpeningOutputs(
  inputs: Readonly<Record<string, unknown>>,
  { measured, localResolution, localFilter, localCutoff }: OutputSettings,
): readonly string[] {
  return [
    'sharpened',
    ...(measured ? ['bfactors', 'qualities'] : []),
    ...(localResolution || localFilter || localCutoff ? ['localResolution'] : []),
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
