import type { Grid } from '@chimerax-like/rpc';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';

export interface EdgeFillInput {
  readonly map: Float32Array;
  readonly reference: Float32Array;
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
  run: async ({ map, reference, mask, shape, half }, { signal, report }) => {
    const [, ny, nx] = shape;
    const near = shape.map((n) => Uint8Array.from({ length: n }, (_, i) => Number(i < half || i >= n - half)));
    const [nearZ, nearY, nearX] = near as [Uint8Array, Uint8Array, Uint8Array];
    let leaves = false;
    let outside = 0;
    let mapSum = 0;
    let referenceSum = 0;
    await inChunks(mask.length, signal, (first, end) => {
      for (let i = first; i < end; i++) {
        if (mask[i] === 0) {
          outside++;
          mapSum += map[i] as number;
          referenceSum += reference[i] as number;
        } else if (!leaves) {
          const row = Math.floor(i / nx);
          leaves = Boolean(nearX[i - row * nx] || nearY[row % ny] || nearZ[Math.floor(row / ny)]);
        }
      }
      report(end / mask.length);
    });
    if (!leaves) return null;
    return outside === 0 ? { map: 0, reference: 0 } : { map: mapSum / outside, reference: referenceSum / outside };
  },
};
