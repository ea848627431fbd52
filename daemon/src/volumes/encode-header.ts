import type { Grid, Statistics } from '@chimerax-like/rpc';
import { mergeLabels, writeLabels } from './labels.js';
import type { AxisOrder, ExtendedHeader, MapHeader, Triple } from './types.js';
import { headerBytes, HeaderWords } from './words.js';

export interface EncodedHeader {
  /** Main and extended header, ready to write. */
  readonly bytes: Uint8Array;
  readonly dimensions: Triple;
  readonly axisOrder: AxisOrder;
}

/** NVERSION (word 28) of MRC2014: year × 10 + edition. */
const formatVersion = 20_140;
/** Machine stamp of little-endian files, as bytes. */
const littleEndianStamp = [0x44, 0x44, 0, 0] as const;
/** A symmetry record of the CCP4 kind is lines of this length. */
const symmetryLineLength = 80;
/** Values that came through float32 words and a division are the same within this, relatively. */
const sameWithin = 1e-6;

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= sameWithin * Math.max(Math.abs(value), Math.abs(b[i] ?? 0)));

const toFileOrder = (xyz: Triple, axisOrder: AxisOrder): Triple => {
  const [column, row, section] = axisOrder;
  return [xyz[column - 1] as number, xyz[row - 1] as number, xyz[section - 1] as number];
};

interface Placement {
  readonly start: Triple;
  readonly origin: Triple;
}

/**
 * NSTART and ORIGIN words for a grid. An unmoved box repeats the template’s words; a moved one is expressed the way the template
 * does it (whole voxels in NSTART, or Å in ORIGIN), and the other is cleared so that no reader can prefer a stale one.
 */
const place = (grid: Grid, axisOrder: AxisOrder, template?: MapHeader): Placement => {
  const origin: Triple = [...grid.origin];
  if (template === undefined) return { start: [0, 0, 0], origin };
  if (same(grid.origin, template.grid.origin) && same(grid.voxelSize, template.grid.voxelSize))
    return {
      start: template.start,
      origin: template.originWords.every(Number.isFinite) ? template.originWords : [0, 0, 0],
    };
  const usesStart = template.originWords.every((n) => !(Math.abs(n) > 0)) && template.start.some((n) => n !== 0);
  const voxels = grid.origin.map((value, i) => value / (grid.voxelSize[i] as number)) as [number, number, number];
  const whole = voxels.map(Math.round) as [number, number, number];
  if (usesStart && voxels.every((value, i) => Math.abs(value - (whole[i] as number)) < 1e-3))
    return { start: toFileOrder(whole, axisOrder), origin: [0, 0, 0] };
  return { start: [0, 0, 0], origin };
};

/** MX, MY, MZ and cell edges: the template’s own numbers as long as they describe this grid. */
const cellOf = (grid: Grid, template?: MapHeader): { sampling: Triple; cell: Triple } => {
  const [nz, ny, nx] = grid.shape;
  const sameShape = template?.grid.shape.every((n, i) => n === grid.shape[i]) === true;
  if (sameShape && same(grid.voxelSize, template.grid.voxelSize))
    return { sampling: template.sampling, cell: template.cell };
  const sampling: Triple = sameShape ? template.sampling : [nx, ny, nz];
  const [vx, vy, vz] = grid.voxelSize;
  return { sampling, cell: [sampling[0] * vx, sampling[1] * vy, sampling[2] * vz] };
};

/** EXTTYP to write: the one read; symmetry records of files from before the word are recognised by their form. */
const extendedType = ({ type, bytes }: ExtendedHeader): string => {
  if (type !== '' || bytes.length === 0) return type;
  const isText = bytes.every((byte) => byte >= 32 && byte < 127);
  return isText && bytes.length % symmetryLineLength === 0 ? 'CCP4' : '';
};

/** Builds a strict MRC2014 header (mode 2, little-endian) for a grid, repeating what the template says beyond the grid. */
export const encodeHeader = (
  grid: Grid,
  statistics: Statistics,
  template: MapHeader | undefined,
  labels: readonly string[],
): EncodedHeader => {
  const axisOrder: AxisOrder = template?.axisOrder ?? [1, 2, 3];
  const [nz, ny, nx] = grid.shape;
  const dimensions = toFileOrder([nx, ny, nz], axisOrder);
  const extended = template?.extended ?? { type: '', bytes: new Uint8Array(0) };
  const { start, origin } = place(grid, axisOrder, template);
  const { sampling, cell } = cellOf(grid, template);
  const bytes = new Uint8Array(headerBytes + extended.bytes.length);
  const words = new HeaderWords(bytes, 'little');
  const setInts = (word: number, values: readonly number[]): void =>
    values.forEach((v, i) => words.setInt(word + i, v));
  const setFloats = (word: number, values: readonly number[]): void =>
    values.forEach((v, i) => words.setFloat(word + i, v));

  setInts(1, dimensions);
  words.setInt(4, 2);
  setInts(5, start);
  setInts(8, sampling);
  setFloats(11, cell);
  setFloats(14, [90, 90, 90]);
  setInts(17, axisOrder);
  setFloats(20, [statistics.min, statistics.max, statistics.mean]);
  words.setInt(23, 1);
  words.setInt(24, extended.bytes.length);
  const type = extendedType(extended);
  if (type !== '') words.setText(27, 4, type);
  words.setInt(28, formatVersion);
  setFloats(50, origin);
  words.setText(53, 4, 'MAP ');
  bytes.set(littleEndianStamp, (54 - 1) * 4);
  words.setFloat(55, statistics.sd);
  writeLabels(words, mergeLabels(template?.labels ?? [], labels));
  bytes.set(extended.bytes, headerBytes);
  return { bytes, dimensions, axisOrder };
};
