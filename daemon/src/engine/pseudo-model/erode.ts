import type { Grid } from '@chimerax-like/rpc';
import { inChunks } from '../chunks.js';

/**
 * Binary erosion by a cube of `edge` voxels, in place: a voxel stays when all voxels of the cube around it are set; beyond the box
 * the mask goes on as its mirror image. This is what LocScale's moving average of an integer mask comes to (models.md 6, step 4).
 */
export async function erode(mask: Uint8Array, shape: Grid['shape'], edge: number, signal: AbortSignal): Promise<void> {
  const [nz, ny, nx] = shape;
  await erodeAxis(mask, { lines: ny * nz, start: (i) => i * nx, step: 1, length: nx }, edge, signal);
  const start = (i: number): number => Math.floor(i / nx) * nx * ny + (i % nx);
  await erodeAxis(mask, { lines: nx * nz, start, step: nx, length: ny }, edge, signal);
  await erodeAxis(mask, { lines: nx * ny, start: (i) => i, step: nx * ny, length: nz }, edge, signal);
}

interface Axis {
  readonly lines: number;
  readonly start: (line: number) => number;
  readonly step: number;
  readonly length: number;
}

async function erodeAxis(
  mask: Uint8Array,
  { lines, start, step, length }: Axis,
  edge: number,
  signal: AbortSignal,
): Promise<void> {
  const before = Math.floor(edge / 2);
  /** Where position i of the line, that may lie beyond it, is found in it. */
  const mirrored = (i: number): number => {
    const around = ((i % (2 * length)) + 2 * length) % (2 * length);
    return around < length ? around : 2 * length - 1 - around;
  };
  const padded = new Uint8Array(length + edge - 1);
  await inChunks(lines, signal, length, (first, end) => {
    for (let line = first; line < end; line++) {
      const at = start(line);
      for (let i = 0; i < padded.length; i++) padded[i] = mask[at + mirrored(i - before) * step] as number;
      // Voxels set in a row up to here: a cube is full when there are as many as it has.
      let run = 0;
      for (let i = 0; i < padded.length; i++) {
        run = padded[i] === 0 ? 0 : run + 1;
        const to = i - edge + 1;
        if (to >= 0) mask[at + to * step] = run >= edge ? 1 : 0;
      }
    }
  });
}
