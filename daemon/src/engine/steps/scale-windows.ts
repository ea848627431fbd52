import type { Grid } from '@chimerax-like/rpc';
import {
  measuresBfactors,
  scaleWindows as kernel,
  type ScaleWindowsInput,
  slabSections,
  type VoxelCounts,
} from '@locscale/native';
import { plural } from '../../volumes/index.js';
import type { Step, StepContext } from '../context.js';
import type { LiveOutput, Sections } from '../live-output.js';
import { voxelCount } from '../raw-file.js';
import type { EdgeFill } from './edge-fill.js';
import { KeptSlabs } from './kept-slabs.js';
import { type FormSettings, scalingForm } from './scaling-form.js';

export interface ScalingInput extends FormSettings {
  /** Unsharpened map, C order (z, y, x), as are the others. */
  readonly map: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: Grid['shape'];
  readonly windowSize: number;
  readonly profile: 'octant' | 'shell';
  readonly fill: EdgeFill | null;
  /** Local resolution in Å at which the scaling of each voxel ends. */
  readonly localCutoff?: Float32Array | undefined;
  readonly threads: number | undefined;
  /** Shows the scaled map while it grows. */
  readonly live: LiveOutput | null;
}

export interface Scaled extends VoxelCounts {
  /** Exactly 0 where nothing was scaled. */
  readonly scaled: Float32Array;
  /** Local B-factors (Å²) and the R² of their fits; only where the form fits them. */
  readonly bfactors?: Float32Array;
  readonly qualities?: Float32Array;
}

/**
 * Local amplitude scaling (scaling.md 10). Finished slabs are shown and kept at once, so that a run that was killed goes on where
 * it stopped: slabs do not depend on each other.
 */
export const scaleWindows: Step<ScalingInput, Scaled> = {
  name: 'scaleWindows',
  version: 3,
  unkeyed: ['threads', 'live'],
  keep: (pieces) => KeptSlabs.whole(pieces),
  run: async (input, context) => {
    const { map, mask, shape, windowSize, voxelSize, profile, fill, localCutoff, threads, live } = input;
    const form = scalingForm(input);
    const kept = new KeptSlabs(context.pieces, shape, measuresBfactors(form), slabSections());
    const finished = await kept.restore();
    const { scaled, bfactors, qualities } = kept.maps;
    for (const sections of finished) live?.add(scaled, sections);
    const request: ScaleWindowsInput = {
      ...form,
      map,
      mask: without(mask, finished, shape),
      shape,
      windowSize,
      profile,
      ...(fill === null ? {} : { fill }),
      ...(localCutoff === undefined ? {} : { cutoff: { resolution: localCutoff, voxelSize } }),
    };
    const onSlab = (sections: Sections, counts: VoxelCounts): void => {
      if (finished.some(([first]) => first === sections[0])) return;
      // First what somebody looks at. Sections without mask voxels are told of at the end: whoever waits would fetch them in vain.
      if (counts.scaledVoxels > 0) live?.add(scaled, sections);
      kept.add(sections, counts);
    };
    let isSomethingShown = false;
    // One block, for whoever waits for the first of the result; slabs follow.
    const onBlock = (sections: Sections, columns: Sections): void => {
      if (live === null || isSomethingShown || !reaches(request.mask, shape, sections, columns)) return;
      isSomethingShown = true;
      live.addBlock(scaled, sections, columns);
    };
    const { signal, report, scaleWindows: scale = kernel } = context;
    await scale(request, { signal, threads, scaled, bfactors, qualities, onProgress: report, onSlab, onBlock });
    const result = await kept.finish();
    warnOf(result, context);
    return result;
  },
};

/** The mask without the sections that need no more work. */
function without(mask: Uint8Array, finished: readonly Sections[], shape: Grid['shape']): Uint8Array {
  if (finished.length === 0) return mask;
  const left = mask.slice();
  const sectionVoxels = voxelCount([1, shape[1], shape[2]]);
  for (const [first, end] of finished) left.fill(0, first * sectionVoxels, end * sectionVoxels);
  return left;
}

/** Whether a mask has voxels in these columns of these sections. */
function reaches(mask: Uint8Array, [, ny, nx]: Grid['shape'], [first, end]: Sections, [from, to]: Sections): boolean {
  for (let row = first * ny; row < end * ny; row++)
    if (mask.subarray(row * nx + from, row * nx + to).some((value) => value !== 0)) return true;
  return false;
}

function warnOf({ emptyWindows, failedFits }: VoxelCounts, { warn }: StepContext): void {
  const voxels = (n: number): string => plural(n, 'mask voxel', 'mask voxels');
  if (emptyWindows > 0)
    warn({
      kind: 'result.empty-windows',
      message: `${voxels(emptyWindows)} became 0: the map or the reference is 0 everywhere in the window around it.`,
    });
  if (failedFits > 0)
    warn({
      kind: 'result.failed-fits',
      message: `${voxels(failedFits)} have no B-factor: too few frequencies between the cut-offs, or no amplitude in one of them.`,
    });
}
