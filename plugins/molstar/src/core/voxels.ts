import { type Grid, gridHeaders, LocScaleError, type Region, type VolumeId } from '@chimerax-like/rpc';
import type { SceneLink } from './daemon-link.js';

/** Voxels as they are shown: C order (z, y, x), x fastest, on their own grid. */
export interface Voxels {
  readonly grid: Grid;
  readonly values: Float32Array<ArrayBuffer>;
}

export interface VoxelQuery {
  /** Half-open ranges along z, y, x; default: all. */
  readonly region?: Region | undefined;
  /** Every n-th voxel along each axis; default 1. */
  readonly step?: number;
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes so far and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Fetches voxels of a volume by HTTP, into one array that nobody else holds. */
export async function fetchVoxels(
  link: SceneLink,
  volume: VolumeId,
  { region, step = 1 }: VoxelQuery = {},
  { signal, onProgress }: TransferOptions = {},
): Promise<Voxels> {
  const ranges = region?.map(([from, to]) => `${from}:${to}`).join(',');
  const query = `format=raw&step=${step}${ranges === undefined ? '' : `&region=${ranges}`}`;
  const response = await link.request(`/volumes/${volume}?${query}`, { signal: signal ?? null });
  const grid: Grid = {
    shape: triple(response, gridHeaders.shape),
    voxelSize: triple(response, gridHeaders.voxelSize),
    origin: triple(response, gridHeaders.origin),
  };
  const [nz, ny, nx] = grid.shape;
  const bytes = new Uint8Array(nz * ny * nx * 4);
  let at = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    if (at + part.value.length <= bytes.length) bytes.set(part.value, at);
    at += part.value.length;
    onProgress?.(at, bytes.length);
  }
  if (at !== bytes.length) {
    throw new LocScaleError(
      'connection.closed',
      `The volume has ${bytes.length} bytes, ${at} arrived; the daemon may have stopped, open the map again.`,
    );
  }
  return { grid, values: new Float32Array(bytes.buffer) };
}

function triple(response: Response, header: string): [number, number, number] {
  const numbers = (response.headers.get(header) ?? '').split(',').map(Number);
  const [a, b, c] = numbers;
  if (numbers.length !== 3 || a === undefined || b === undefined || c === undefined || numbers.some(Number.isNaN))
    throw new LocScaleError(
      'rpc.parse',
      `The daemon's answer has no readable ${header}; page and daemon may be of different versions, load the page again.`,
    );
  return [a, b, c];
}

/** Up to here a map is drawn in a blink; beyond it a coarse copy comes first. */
export const quickVoxels = 160 ** 3;

/** The smallest step with which a grid can be shown; 1 for all that fit. */
export function stepToShow(shape: Grid['shape'], most: number): number {
  for (let step = 1; ; step++) {
    const voxels = shape.reduce((product, n) => product * Math.ceil(n / step), 1);
    if (voxels <= most) return step;
  }
}
