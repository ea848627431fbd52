import { LocScaleError } from '@chimerax-like/rpc';
import { decideByteOrder } from './byte-order.js';
import { readGeometry } from './geometry.js';
import { readIdentity } from './identity.js';
import { readLabels } from './labels.js';
import { readLayout, truncated, type FileFacts } from './layout.js';
import { nameOfText } from './magic.js';
import type { VoxelType } from './modes.js';
import { openMap, type ByteSource } from './source.js';
import type { MapHeader } from './types.js';
import { headerBytes, HeaderWords } from './words.js';

/** A header together with how its voxels are stored; the source stands at the first voxel. */
export interface HeaderAtVoxels {
  readonly header: MapHeader;
  readonly type: VoxelType;
}

const notAMap = (file: FileFacts, what: string): LocScaleError =>
  new LocScaleError(
    'input.format',
    `${file.name} is ${what}, but an MRC or CCP4 map is expected; give the path of a map.`,
  );

/** Reads main and extended header from a source that stands at its beginning, and checks them. */
export const readHeaderFrom = async (file: FileFacts, source: ByteSource): Promise<HeaderAtVoxels> => {
  const bytes = new Uint8Array(headerBytes);
  const got = await source.fill(bytes);
  const text = nameOfText(bytes.subarray(0, got));
  if (text !== null) throw notAMap(file, text);
  if (got < headerBytes) throw truncated(file.name, got, headerBytes);
  const { byteOrder, warnings } = decideByteOrder(bytes);
  const words = new HeaderWords(bytes, byteOrder);
  const layout = readLayout(words, file);
  const identity = readIdentity(words);
  const geometry = readGeometry(words, file.name);
  const labels = readLabels(words);
  const extended = new Uint8Array(layout.extendedBytes);
  const extendedGot = await source.fill(extended);
  if (extendedGot < extended.length)
    throw truncated(file.name, headerBytes + extendedGot, layout.dataOffset + layout.dataBytes);
  const header: MapHeader = {
    path: file.path,
    compression: file.compression,
    byteOrder,
    mode: layout.mode,
    modeName: layout.type,
    dimensions: layout.dimensions,
    start: geometry.start,
    sampling: geometry.sampling,
    cell: geometry.cell,
    angles: geometry.angles,
    axisOrder: geometry.axisOrder,
    originWords: geometry.originWords,
    spaceGroup: geometry.spaceGroup,
    storedStatistics: { min: words.float(20), max: words.float(21), mean: words.float(22), rms: words.float(55) },
    labels: labels.labels,
    extended: { type: identity.extendedType, bytes: extended },
    bytes,
    grid: geometry.grid,
    dataOffset: layout.dataOffset,
    dataBytes: layout.dataBytes,
    warnings: [...warnings, ...identity.warnings, ...layout.warnings, ...geometry.warnings, ...labels.warnings],
  };
  return { header, type: layout.type };
};

/**
 * Reads the header of a map file and checks it; the voxels stay unread. Refused are: what is no regular file, text, unknown and
 * complex modes, dimensions below 1 or beyond the file, crystal maps, stacks, cells that are not rectangular, voxels that are
 * not cubic within 1 %. What is merely odd becomes a warning. `name`: what messages call the file, if not the last part of its path.
 */
export const readHeader = async (path: string, name?: string): Promise<MapHeader> => {
  const { file, source } = await openMap(path, name);
  try {
    return (await readHeaderFrom(file, source)).header;
  } finally {
    await source.close();
  }
};
