import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';
import {
  localResolution as kernel,
  type LocalResolutionCounts,
  lowestResolution,
  smoothByBSpline,
  whitenHalfMaps,
} from '@locscale/native';
import { plural } from '../../volumes/index.js';
import type { Step } from '../context.js';
import { firstCrossing, shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

export interface LocalResolutionInput {
  /** Half maps as they were reconstructed: not filtered, not sharpened, better not masked; C order (z, y, x). */
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  readonly grid: Grid;
  /** Nonzero: a voxel of interest. */
  readonly mask: Uint8Array;
  /** Edge of the window, voxels; chosen by the overall resolution when undefined. */
  readonly windowSize: number | undefined;
  /** FSC at which the resolution is read. */
  readonly threshold: number;
  /** Knot spacing of a B-spline smoothing of the result, Å. */
  readonly smoothing: number | undefined;
  readonly threads?: number | undefined;
}

export interface LocalResolutionOutput extends LocalResolutionCounts {
  /** Å; exactly 0 outside the mask and where a window is empty. */
  readonly resolution: Float32Array;
  readonly windowSize: number;
  /** Resolution of the whole maps at the same threshold, Å; null when their FSC never falls below it. */
  readonly overall: number | null;
  /** Finest and coarsest value that such windows can give, Å. */
  readonly limits: readonly [finest: number, coarsest: number];
}

/** FSC of two half maps in a Hann window around every mask voxel, and where it first falls below the threshold. */
export const localResolution: Step<LocalResolutionInput, LocalResolutionOutput> = {
  name: 'localResolution',
  version: 1,
  unkeyed: ['threads'],
  keep: 'whole',
  run: async (input, { signal, report, warn }) => {
    const { half1, half2, grid, mask, threshold, smoothing, threads } = input;
    const { shape } = grid;
    const voxelSize = meanVoxelSize(grid);
    if (!(threshold > 0 && threshold < 1))
      throw new LocScaleError(
        'input.parameter',
        `The FSC threshold is ${threshold}, expected a number between 0 and 1; usual are 0.143 and 0.5.`,
        { seen: threshold },
      );
    if (half1.every((value, i) => value === half2[i]))
      throw new LocScaleError(
        'input.voxels',
        'The two half maps hold the same values, so their FSC is 1 everywhere, expected maps of different halves of the data; give both half maps of one refinement.',
      );
    const whitened = await whitenHalfMaps(half1, half2, shape, { signal, threads });
    report(0.2);
    const axis = shellAxis(Math.max(...shape), voxelSize, 'none');
    const overall = firstCrossing(whitened.fsc, axis, threshold);
    const at143 = threshold === 0.143 ? overall : firstCrossing(whitened.fsc, axis, 0.143);
    const windowSize = localWindow(grid, input.windowSize, at143, warn);

    const { resolution, ...counts } = await kernel(
      { half1: whitened.half1, half2: whitened.half2, mask, shape, windowSize, voxelSize, threshold },
      { signal, threads, onProgress: (fraction) => report(0.2 + 0.75 * fraction) },
    );
    const coarsest = lowestResolution(windowSize, voxelSize);
    warnOf(counts, coarsest, warn);
    const smooth =
      smoothing === undefined
        ? resolution
        : await smoothByBSpline(resolution, shape, smoothing / voxelSize, { signal, threads });
    return { resolution: smooth, ...counts, windowSize, overall, limits: [2 * voxelSize, coarsest] };
  },
};

/** Edge of the window in multiples of the overall resolution, and its bounds: Å below, voxels above. */
const resolutionsPerWindow = 12;
const leastAngstrom = 30;
const mostVoxels = 48;
/** Range of the kernel. */
const smallestWindow = 8;
const largestWindow = 128;

/**
 * The window in voxels, always even. By default twelve times the overall resolution (at 0.143; Nyquist when there is none), so that
 * the shells that decide hold enough coefficients whatever the resolution is; no wider than 48 voxels nor than the box.
 */
export function localWindow(
  grid: Grid,
  asked: number | undefined,
  overall: number | null,
  warn: (warning: Warning) => void,
): number {
  const voxelSize = meanVoxelSize(grid);
  const shortest = Math.min(...grid.shape);
  const even = (n: number): number => 2 * Math.ceil(n / 2);
  const fitting = shortest - (shortest % 2);
  if (asked === undefined) {
    const wide = Math.max(leastAngstrom, resolutionsPerWindow * (overall ?? 2 * voxelSize)) / voxelSize;
    return Math.max(smallestWindow, Math.min(even(wide), mostVoxels, fitting));
  }
  const window = even(asked);
  if (window !== asked)
    warn({
      kind: 'parameter.window-odd',
      message: `The window of ${asked} voxels was raised to ${window}: windows are even.`,
    });
  if (window > shortest)
    throw new LocScaleError(
      'input.parameter',
      `The window is ${window} voxels wide but the box only ${grid.shape.join(' × ')} (z × y × x); give a window size of at most ${fitting}.`,
      { seen: window, limit: fitting },
    );
  if (window < smallestWindow || window > largestWindow)
    throw new LocScaleError(
      'input.parameter',
      `The window is ${window} voxels wide, expected ${smallestWindow} to ${largestWindow}; give a window size in that range.`,
      { seen: window, limit: largestWindow },
    );
  return window;
}

function warnOf(
  { voxels, emptyWindows, unresolved }: LocalResolutionCounts,
  coarsest: number,
  warn: (warning: Warning) => void,
): void {
  if (emptyWindows > 0)
    warn({
      kind: 'result.empty-windows',
      message: `${plural(emptyWindows, 'mask voxel', 'mask voxels')} of ${voxels} became 0: a half map is 0 everywhere in the window around it.`,
    });
  if (unresolved > 0)
    warn({
      kind: 'result.unresolved',
      message: `${plural(unresolved, 'mask voxel', 'mask voxels')} of ${voxels} got the coarsest value, ${coarsest.toFixed(1)} Å: the half maps do not agree in the first shells of the window; a larger window reaches further down.`,
    });
}
