import { LocScaleError, type Warning } from '@chimerax-like/rpc';
import { decodeVoxels, hostByteOrder } from './decode.js';
import { trailingBytes, truncated } from './layout.js';
import { bytesPerVoxel, type VoxelType } from './modes.js';
import { plural } from './plural.js';
import { readHeaderFrom } from './read-header.js';
import { openMap, type ByteSource } from './source.js';
import { scanVoxels, type VoxelScan } from './statistics.js';
import type { MapHeader, Volume } from './types.js';
import { isStandardOrder, scatterRows, standardStrides } from './voxel-order.js';

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** What messages call the file; default: the last part of its path. */
  readonly name?: string | undefined;
  /** Most memory that the voxels may take, as float32. */
  readonly maxBytes?: number;
  /** Refuse a map whose voxels are all equal; default true. A mask may be constant. */
  readonly requireSignal?: boolean;
}

/** 16 GiB: a box of 1625³. */
export const defaultMaxBytes = 16 * 2 ** 30;

/** Bytes read at once: long enough for the disk, short enough to cancel within a few hundredths of a second. */
const pieceBytes = 16 * 1024 * 1024;

const cancelled = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true)
    throw new LocScaleError('job.cancelled', 'Reading was cancelled.', {}, { cause: signal.reason });
};

const allocate = (header: MapHeader, name: string, maxBytes: number): Float32Array => {
  const count = header.dimensions.reduce((product, n) => product * n, 1);
  const refuse = (limit: string, cause?: unknown): LocScaleError =>
    new LocScaleError(
      'limit.memory',
      `${name}: the ${header.dimensions.join(' × ')} voxels need ${count * 4} bytes of memory, but ${limit}; crop or bin the map.`,
      { seen: count * 4, expected: maxBytes },
      { cause },
    );
  if (count * 4 > maxBytes) throw refuse(`${maxBytes} are allowed`);
  try {
    return new Float32Array(count);
  } catch (cause) {
    throw refuse('the system does not give that much', cause);
  }
};

/** Fills `target` piece by piece; returns how many bytes came. */
const fillInPieces = async (source: ByteSource, target: Uint8Array, signal?: AbortSignal): Promise<number> => {
  let filled = 0;
  while (filled < target.length) {
    cancelled(signal);
    const piece = target.subarray(filled, filled + pieceBytes);
    const got = await source.fill(piece);
    filled += got;
    if (got < piece.length) break;
  }
  return filled;
};

/** Reads whole rows at a time, turns them into float32 and puts them where they belong in the standard order. */
const readConverted = async (
  source: ByteSource,
  header: MapHeader,
  type: VoxelType,
  voxels: Float32Array,
  signal?: AbortSignal,
): Promise<number> => {
  const [columns, rows, sections] = header.dimensions;
  const rowBytes = columns * bytesPerVoxel[type];
  const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / rowBytes));
  const strides = standardStrides(header.dimensions, header.axisOrder);
  const inPlace = isStandardOrder(header.axisOrder);
  const raw = new Uint8Array(Math.min(rowsAtOnce, rows * sections) * rowBytes);
  const converted = inPlace ? null : new Float32Array(raw.length / bytesPerVoxel[type]);
  let received = 0;
  for (let row = 0; row < rows * sections; row += rowsAtOnce) {
    cancelled(signal);
    const count = Math.min(rowsAtOnce, rows * sections - row);
    const piece = raw.subarray(0, count * rowBytes);
    const got = await source.fill(piece);
    received += got;
    if (got < piece.length) break;
    const target = converted?.subarray(0, count * columns) ?? voxels.subarray(row * columns, (row + count) * columns);
    decodeVoxels(piece, type, header.byteOrder, target);
    if (converted !== null) scatterRows(target, row, header.dimensions, strides, voxels);
  }
  return received;
};

const checkVoxels = (scan: VoxelScan, header: MapHeader, name: string, requireSignal: boolean): void => {
  const [, ny, nx] = header.grid.shape;
  if (scan.nonFinite > 0) {
    const i = scan.firstNonFinite;
    const at = [Math.floor(i / (nx * ny)), Math.floor(i / nx) % ny, i % nx];
    throw new LocScaleError(
      'input.voxels',
      `${name}: ${plural(scan.nonFinite, 'voxel is not a finite number', 'voxels are not finite numbers')}, the first at (z, y, x) = (${at.join(', ')}), but every voxel must be; replace them, for example by 0.`,
      { count: scan.nonFinite, first: at },
    );
  }
  const { min, max } = scan.statistics;
  if (requireSignal && min === max)
    throw new LocScaleError(
      'input.voxels',
      `${name}: every voxel is ${min}, but a map with density is expected; check that this is the right file.`,
      { seen: min },
    );
};

/** Fills `voxels` from a source that stands at the first of them; returns how many bytes came. */
const fillVoxels = async (
  source: ByteSource,
  header: MapHeader,
  type: VoxelType,
  voxels: Float32Array,
  signal: AbortSignal | undefined,
): Promise<number> => {
  const asStored = type === 'float32' && header.byteOrder === hostByteOrder && isStandardOrder(header.axisOrder);
  return asStored
    ? fillInPieces(source, new Uint8Array(voxels.buffer), signal)
    : readConverted(source, header, type, voxels, signal);
};

/** Reads a map; null when a packed file turns out to lack the extended header that it announces. */
const readOnce = async (path: string, options: ReadOptions, extendedMissing: boolean): Promise<Volume | null> => {
  const { signal, name, maxBytes = defaultMaxBytes, requireSignal = true } = options;
  cancelled(signal);
  const { file, source } = await openMap(path, name);
  try {
    const { header, type } = await readHeaderFrom({ ...file, extendedMissing }, source);
    const voxels = allocate(header, file.name, maxBytes);
    const received = await fillVoxels(source, header, type, voxels, signal);
    const missing = header.dataBytes - received;
    if (missing > 0 && missing === header.extended.bytes.length && file.compression !== 'none') return null;
    if (missing > 0) throw truncated(file.name, header.dataOffset + received, header.dataOffset + header.dataBytes);
    const warnings: Warning[] = [...header.warnings];
    if (file.compression !== 'none' && (await source.fill(new Uint8Array(1))) > 0) warnings.push(trailingBytes(null));
    const scan = await scanVoxels(voxels, () => cancelled(signal));
    checkVoxels(scan, header, file.name, requireSignal);
    return { grid: header.grid, voxels, header, statistics: scan.statistics, warnings };
  } finally {
    await source.close();
  }
};

/**
 * Reads a map into memory: float32, axes in standard order, C order (z, y, x). A plain little-endian mode 2 file in standard
 * axis order is read straight into the array that is returned.
 */
export const readVolume = async (path: string, options: ReadOptions = {}): Promise<Volume> => {
  const volume = (await readOnce(path, options, false)) ?? (await readOnce(path, options, true));
  if (volume === null) throw new LocScaleError('input.header', `${path} changed while it was read; read it again.`);
  return volume;
};
