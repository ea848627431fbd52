import type { Grid, Warning } from '@chimerax-like/rpc';
import { type MapHeader, readVolume } from '../../volumes/index.js';
import type { Step } from '../context.js';
import type { VolumeSource } from '../messages.js';
import { readRaw } from '../raw-file.js';

export interface LoadedVolume {
  readonly source: VolumeSource;
  readonly grid: Grid;
  readonly voxels: Float32Array;
  /** Header of the file, from which an output takes its axis order, labels and start words; null for raw voxels. */
  readonly header: MapHeader | null;
}

export interface LoadInput {
  readonly source: VolumeSource;
  /** A mask may have the same value everywhere, a map may not. */
  readonly mayBeConstant: boolean;
}

/** Reads one volume into memory, axes in standard order. */
export const loadVolume: Step<LoadInput, LoadedVolume> = {
  name: 'loadVolume',
  version: 1,
  run: async ({ source, mayBeConstant }, { signal, warn }) => {
    if (source.kind === 'raw') {
      const voxels = await readRaw(source.path, source.grid, signal);
      return { source, grid: source.grid, voxels, header: null };
    }
    const { grid, voxels, header, warnings } = await readVolume(source.path, {
      signal,
      name: source.name,
      requireSignal: !mayBeConstant,
    });
    warnings.forEach((warning: Warning) => warn(warning));
    return { source, grid, voxels, header };
  },
};
