import type { FileHandle } from 'node:fs/promises';
import type { Grid } from '@chimerax-like/rpc';
import type { Region } from '../volumes/index.js';
import type { ByteRange } from './byte-range.js';

/** Most bytes read at once: a piece is a few milliseconds of work, so the event loop stays free. */
const pieceBytes = 1024 * 1024;

/**
 * The voxels of a region of a raw file, row after row in C order, as bytes [first, end) of the whole body. Every
 * `step`-th voxel along each axis, from the region's first corner on.
 */
export async function* streamRegion(
  file: FileHandle,
  shape: Grid['shape'],
  region: Region,
  range: ByteRange,
): AsyncGenerator<Buffer> {
  const [, ny, nx] = shape;
  const { step } = region;
  const rowsPerSection = Math.ceil((region.y[1] - region.y[0]) / step);
  const rowVoxels = Math.ceil((region.x[1] - region.x[0]) / step);
  const rowBytes = rowVoxels * 4;
  const fileRowBytes = nx * 4;
  const wholeRows = step === 1 && rowVoxels === nx;
  const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / (fileRowBytes * step)));

  let row = Math.floor(range.first / rowBytes);
  const endRow = Math.ceil(range.end / rowBytes);
  while (row < endRow) {
    const section = Math.floor(row / rowsPerSection);
    const inSection = row - section * rowsPerSection;
    const count = Math.min(rowsAtOnce, endRow - row, rowsPerSection - inSection);
    const z = region.z[0] + section * step;
    const y = region.y[0] + inSection * step;
    const source = Buffer.allocUnsafe(((count - 1) * step + 1) * fileRowBytes);
    await readFully(file, source, (z * ny + y) * fileRowBytes);
    const piece = wholeRows ? source : pickVoxels(source, count, rowVoxels, region, fileRowBytes);
    const from = Math.max(0, range.first - row * rowBytes);
    const to = Math.min(piece.length, range.end - row * rowBytes);
    yield piece.subarray(from, to);
    row += count;
  }
}

/** Takes every step-th voxel of every step-th row of `source`. */
function pickVoxels(source: Buffer, rows: number, rowVoxels: number, region: Region, fileRowBytes: number): Buffer {
  const { step } = region;
  const picked = Buffer.allocUnsafe(rows * rowVoxels * 4);
  for (let row = 0; row < rows; row++) {
    const from = row * step * fileRowBytes + region.x[0] * 4;
    const to = row * rowVoxels * 4;
    if (step === 1) source.copy(picked, to, from, from + rowVoxels * 4);
    else
      for (let i = 0; i < rowVoxels; i++) source.copy(picked, to + i * 4, from + i * step * 4, from + i * step * 4 + 4);
  }
  return picked;
}

async function readFully(file: FileHandle, target: Buffer, position: number): Promise<void> {
  for (let at = 0; at < target.length;) {
    const { bytesRead } = await file.read(target, at, target.length - at, position + at);
    if (bytesRead === 0) throw new Error(`the volume file ended at byte ${position + at}`);
    at += bytesRead;
  }
}
