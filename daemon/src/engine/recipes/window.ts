import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';

/** Default edge of the window, Å, and the edge below which windows hold too little signal (scaling.md 9, 3). */
const defaultWindowAngstrom = 25;
const smallWindowAngstrom = 10;
/** Largest window of the kernels, voxels; smallest that has a profile worth the name. */
const largestWindow = 128;
const smallestWindow = 4;

/** The window in voxels, always even, checked against the box. */
export function chooseWindow(grid: Grid, asked: number | undefined, warn: (warning: Warning) => void): number {
  const apix = (grid.voxelSize[0] + grid.voxelSize[1] + grid.voxelSize[2]) / 3;
  const window = evenUp(asked ?? defaultWindowAngstrom / apix);
  if (asked !== undefined && asked !== window)
    warn({
      kind: 'parameter.window-odd',
      message: `The window of ${asked} voxels was raised to ${window}: windows are even.`,
    });
  if (window * apix < smallWindowAngstrom)
    warn({
      kind: 'parameter.window-small',
      message: `The window of ${window} voxels is ${(window * apix).toFixed(1)} Å wide; below ${smallWindowAngstrom} Å profiles are unreliable.`,
    });
  const smallestEdge = Math.min(...grid.shape);
  if (window > smallestEdge)
    throw new LocScaleError(
      'input.parameter',
      `The window is ${window} voxels wide but the box only ${grid.shape.join(' × ')} (z × y × x); give a window size of at most ${smallestEdge - (smallestEdge % 2)}.`,
      { seen: window, limit: smallestEdge },
    );
  if (window > largestWindow || window < smallestWindow)
    throw new LocScaleError(
      'input.parameter',
      `The window is ${window} voxels wide (voxel size ${apix.toFixed(3)} Å), expected ${smallestWindow} to ${largestWindow}; give a window size in that range.`,
      { seen: window, limit: largestWindow },
    );
  return window;
}

/** Smallest even integer that is not below `value`; LocScale's "even up" (scaling.md 1). */
export function evenUp(value: number): number {
  const up = Math.ceil(value);
  return up + (up % 2);
}
