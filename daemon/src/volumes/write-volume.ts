import type { FileHandle } from 'node:fs/promises';
import { LocScaleError, type Grid } from '@chimerax-like/rpc';
import { writeAtomically, writeFully } from './atomic-file.js';
import { hostByteOrder } from './decode.js';
import { encodeHeader, type EncodedHeader } from './encode-header.js';
import { scanVoxels } from './statistics.js';
import { plural } from './plural.js';
import type { MapHeader } from './types.js';
import { writeSparsely } from './write-sparsely.js';
import { gatherRows, isStandardOrder, standardStrides } from './voxel-order.js';

export interface WriteContent {
  readonly grid: Grid;
  /** C order (z, y, x), as many as the grid has. */
  readonly voxels: Float32Array;
  /** Header of the input whose axis order, NSTART and ORIGIN words, cell, labels and extended header the output repeats. */
  readonly template?: MapHeader;
  /** Lines that say what was done, added after the template’s; 80 characters each. */
  readonly labels?: readonly string[];
}

/** Bytes handed to the system at once. */
const pieceBytes = 32 * 1024 * 1024;

const stopWhenCancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true)
    throw new LocScaleError(
      'job.cancelled',
      'Writing was cancelled; nothing was written.',
      {},
      { cause: signal.reason },
    );
};

const writeVoxels = async (
  handle: FileHandle,
  voxels: Float32Array,
  header: EncodedHeader,
  signal: AbortSignal | undefined,
): Promise<void> => {
  if (isStandardOrder(header.axisOrder) && hostByteOrder === 'little') {
    const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      stopWhenCancelled(signal);
      await writeSparsely(handle, bytes.subarray(at, at + pieceBytes), header.bytes.length + at);
    }
    return;
  }
  const [columns, rows, sections] = header.dimensions;
  const strides = standardStrides(header.dimensions, header.axisOrder);
  const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / (columns * 4)));
  const buffer = new Float32Array(Math.min(rowsAtOnce, rows * sections) * columns);
  for (let row = 0; row < rows * sections; row += rowsAtOnce) {
    stopWhenCancelled(signal);
    const piece = buffer.subarray(0, Math.min(rowsAtOnce, rows * sections - row) * columns);
    gatherRows(voxels, row, header.dimensions, strides, piece);
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (hostByteOrder === 'big') bytes.swap32();
    await writeSparsely(handle, bytes, header.bytes.length + row * columns * 4);
  }
};

/**
 * Writes a map as MRC2014, mode 2, little-endian, with a strict header and true statistics, in one atomic step.
 * Never checks whether the path is an input: `assertNotInput` does, before the work is done. Stops between two pieces when the
 * signal says so, and then leaves nothing. Empty stretches become holes of the file. `before` runs when the file is whole on the disk and has not got its name yet: what must
 * appear together with it, or the check without which it must not appear.
 */
export const writeVolume = async (
  path: string,
  content: WriteContent,
  signal?: AbortSignal,
  before?: () => Promise<void>,
): Promise<void> => {
  const { grid, voxels, template, labels = [] } = content;
  const expected = grid.shape[0] * grid.shape[1] * grid.shape[2];
  if (voxels.length !== expected)
    throw new LocScaleError(
      'rpc.internal',
      `${path}: ${voxels.length} voxels were handed over for a grid of ${grid.shape.join(' × ')}, which has ${expected}; report this.`,
      { seen: voxels.length, expected },
    );
  const { statistics, nonFinite } = await scanVoxels(voxels, () => stopWhenCancelled(signal));
  if (nonFinite > 0)
    throw new LocScaleError(
      'input.voxels',
      `${path} is not written: ${plural(nonFinite, 'voxel of the result is not a finite number', 'voxels of the result are not finite numbers')}, but all must be; check the inputs’ range of values.`,
      { count: nonFinite },
    );
  const header = encodeHeader(grid, statistics, template, labels);
  await writeAtomically(path, header.bytes.length + voxels.byteLength, async (handle) => {
    await writeFully(handle, header.bytes);
    await writeVoxels(handle, voxels, header, signal);
    await handle.truncate(header.bytes.length + voxels.byteLength);
    if (before === undefined) return;
    await handle.sync();
    await before();
  });
};
