import type { Grid } from '@chimerax-like/rpc';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';

export interface EdgeFillInput {
  readonly map: Float32Array;
  /** Missing in the form without a reference. */
  readonly reference?: Float32Array | undefined;
  readonly mask: Uint8Array;
  readonly shape: Grid['shape'];
  /** Half the window, voxels. */
  readonly half: number;
}

/** Value that stands outside the box, for the map and for the reference. */
export interface EdgeFill {
  readonly map: number;
  readonly reference: number;
}

/**
 * What windows see where they leave the box: the mean over the voxels outside the mask, 0 when there are none; null when
 * no window of a mask voxel leaves it (scaling.md 9). A window [c - h, c + h) leaves the box when c < h or c > n - h; LocScale
 * drops the voxel c = n - h instead of padding for it (its quirk 14), so here padding begins with it.
 */
export const edgeFill: Step<EdgeFillInput, EdgeFill | null> = {
  name: 'edgeFill',
  version: 1,
  keep: 'whole',
  run: async ({ map, reference, mask, shape, half }, { signal, report }) => {
    if (!(await anyNearEdge(mask, shape, half, signal))) return null;
    let outside = 0;
    let mapSum = 0;
    let referenceSum = 0;
    await inChunks(mask.length, signal, 1, (first, end) => {
      for (let i = first; i < end; i++) {
        if (mask[i] !== 0) continue;
        outside++;
        mapSum += map[i] as number;
        referenceSum += reference?.[i] ?? 0;
      }
      report(end / mask.length);
    });
    return outside === 0 ? { map: 0, reference: 0 } : { map: mapSum / outside, reference: referenceSum / outside };
  },
};

/** Whether any mask voxel lies in the outer shell of half a window, looked at row by row. */
async function anyNearEdge(
  mask: Uint8Array,
  [nz, ny, nx]: Grid['shape'],
  half: number,
  signal: AbortSignal,
): Promise<boolean> {
  const near = (i: number, n: number): boolean => i < half || i >= n - half;
  let found = false;
  await inChunks(nz * ny, signal, nx, (firstRow, endRow) => {
    for (let row = firstRow; row < endRow && !found; row++) {
      const z = Math.floor(row / ny);
      const line = mask.subarray(row * nx, (row + 1) * nx);
      if (near(z, nz) || near(row - z * ny, ny)) found = line.includes(1);
      else found = line.subarray(0, half).includes(1) || line.subarray(nx - half).includes(1);
    }
  });
  return found;
}
