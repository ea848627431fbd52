import type { MapStatistics } from './map-statistics.js';
import type { Voxels } from './voxels.js';

/** Bytes of an MRC header. */
const headerBytes = 1024;

/** An MRC file (MRC2014, mode 2) with the voxels of a map, x fastest, and their statistics, which readers trust. */
export function encodeMrc(
  { grid: { shape, voxelSize, origin }, values }: Voxels,
  { min, max, mean, sigma }: MapStatistics,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + values.byteLength);
  const header = new DataView(bytes.buffer);
  const [nz, ny, nx] = shape;
  /** Writes a word of the header; words count from 1, as in the description of the format. */
  const int = (word: number, value: number): void => header.setInt32(4 * (word - 1), value, true);
  const float = (word: number, value: number): void => header.setFloat32(4 * (word - 1), value, true);
  for (const [i, n] of [nx, ny, nz].entries()) {
    int(1 + i, n);
    int(8 + i, n);
    float(11 + i, n * (voxelSize[i] as number));
    float(14 + i, 90);
    int(17 + i, 1 + i);
    float(50 + i, origin[i] as number);
  }
  int(4, 2);
  for (const [i, value] of [min, max, mean].entries()) float(20 + i, value);
  // A single volume.
  int(23, 1);
  int(28, 20140);
  bytes.set(new TextEncoder().encode('MAP '), 4 * (53 - 1));
  // Little-endian.
  bytes.set([0x44, 0x44, 0, 0], 4 * (54 - 1));
  float(55, sigma);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), headerBytes);
  return bytes;
}
