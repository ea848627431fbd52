import type { Grid, Warning } from '@chimerax-like/rpc';
import { type MapHeader, writeVolume } from '../../volumes/index.js';
import type { Step } from '../context.js';
import type { Outcome, VolumeSource } from '../messages.js';
import { sidecarPath, writeSidecar } from '../sidecar.js';
import { programVersion } from '../version.js';

export interface SaveInput {
  readonly outputPath: string | null;
  readonly grid: Grid;
  readonly voxels: Float32Array;
  readonly template: MapHeader | null;
  readonly record: {
    readonly provenance: Readonly<Record<string, unknown>>;
    readonly sources: Readonly<Record<string, VolumeSource>>;
    readonly timings: Readonly<Record<string, number>>;
    readonly warnings: readonly Warning[];
  };
}

/**
 * Writes the map (mode 2, with the first input's axis order, origin words and labels) and beside it the sidecar
 * `<stem>.locscale.json`. Both appear whole or not at all; without an output path nothing is written.
 */
export const saveOutputs: Step<SaveInput, Outcome['files']> = {
  name: 'saveOutputs',
  version: 1,
  run: async ({ outputPath, grid, voxels, template, record }, { signal, report }) => {
    if (outputPath === null) return [];
    // MRC labels hold 80 characters.
    const labels = [
      `LocScale ${programVersion}: ${String(record.provenance['recipe'])}, local amplitude scaling`.slice(0, 80),
      'Contrast changed locally, for display and model building; not for refinement',
    ];
    await writeSidecar(outputPath, grid, record, signal, async () => {
      report(0.3);
      await writeVolume(outputPath, { grid, voxels, labels, ...(template === null ? {} : { template }) }, signal);
    });
    return [
      { role: 'sharpened', path: outputPath },
      { role: 'sidecar', path: sidecarPath(outputPath) },
    ];
  },
};
