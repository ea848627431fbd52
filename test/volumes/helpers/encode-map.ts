/**
 * Writes map files of every kind for the tests, independently of the code under test: mode, byte order, axis order, damaged words.
 */
type Triple = readonly [number, number, number];

export interface MapRecipe {
  /** Columns, rows, sections. */
  readonly dimensions?: Triple;
  readonly mode?: number;
  readonly bigEndian?: boolean;
  readonly axisOrder?: Triple;
  readonly start?: Triple;
  readonly origin?: Triple;
  readonly sampling?: Triple;
  readonly cell?: Triple;
  readonly angles?: Triple;
  readonly spaceGroup?: number;
  /** Bytes at word 53 and word 54. */
  readonly identifier?: string;
  readonly stamp?: string;
  readonly extended?: Buffer;
  readonly extendedType?: string;
  readonly labels?: readonly string[];
  /** Minimum, maximum, mean. */
  readonly storedStatistics?: Triple;
  /** Value of the voxel at (column, row, section). */
  readonly value?: (column: number, row: number, section: number) => number;
}

/** A float16 (IEEE 754 binary16) of a number that one holds exactly. */
const float16Bits = (value: number): number => {
  if (value === 0) return 0;
  const sign = value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  const exponent = Math.floor(Math.log2(magnitude));
  if (exponent < -14) return sign | Math.round(magnitude * 2 ** 24);
  return sign | ((exponent + 15) << 10) | Math.round((magnitude / 2 ** exponent - 1) * 1024);
};

const bytesOfMode: Readonly<Record<number, number>> = { 0: 1, 1: 2, 2: 4, 3: 4, 4: 8, 6: 2, 12: 2, 16: 3, 101: 1 };

const writeVoxel = (view: DataView, at: number, mode: number, little: boolean, value: number): void => {
  if (mode === 0) view.setInt8(at, value);
  else if (mode === 1) view.setInt16(at, value, little);
  else if (mode === 2) view.setFloat32(at, value, little);
  else if (mode === 6) view.setUint16(at, value, little);
  else if (mode === 12) view.setUint16(at, float16Bits(value), little);
};

/** Small whole numbers that every mode holds and that tell every voxel’s neighbours apart. */
export const plainValue = (column: number, row: number, section: number): number =>
  (column * 7 + row * 13 + section * 29) % 120;

/** Sets one 4-byte word, counted from 1, as an integer. */
export const setWord = (map: Buffer, word: number, value: number): Buffer => {
  map.writeInt32LE(value, (word - 1) * 4);
  return map;
};

export const setFloatWord = (map: Buffer, word: number, value: number): Buffer => {
  map.writeFloatLE(value, (word - 1) * 4);
  return map;
};

export const encodeMap = (recipe: MapRecipe = {}): Buffer => {
  const { dimensions = [6, 5, 4], mode = 2, bigEndian = false, axisOrder = [1, 2, 3], value = plainValue } = recipe;
  const { extended = Buffer.alloc(0), labels = [], start = [0, 0, 0], origin = [0, 0, 0] } = recipe;
  const lengths = [0, 0, 0];
  axisOrder.forEach((axis, i) => (lengths[axis - 1] = dimensions[i] ?? 0));
  const sampling = recipe.sampling ?? (lengths as unknown as Triple);
  const cell = recipe.cell ?? (sampling.map((n) => n * 1.5) as unknown as Triple);
  const size = bytesOfMode[mode] ?? 4;
  const [columns, rows, sections] = dimensions;
  const map = Buffer.alloc(1024 + extended.length + columns * rows * sections * size);
  const view = new DataView(map.buffer, map.byteOffset, map.length);
  const little = !bigEndian;
  const ints = (word: number, values: readonly number[]): void =>
    values.forEach((v, i) => view.setInt32((word - 1 + i) * 4, v, little));
  const floats = (word: number, values: readonly number[]): void =>
    values.forEach((v, i) => view.setFloat32((word - 1 + i) * 4, v, little));
  ints(1, [...dimensions, mode, ...start, ...sampling]);
  floats(11, [...cell, ...(recipe.angles ?? [90, 90, 90])]);
  ints(17, axisOrder);
  floats(20, recipe.storedStatistics ?? [0, -1, -2]);
  ints(23, [recipe.spaceGroup ?? 1, extended.length]);
  map.write(recipe.extendedType ?? '', 26 * 4, 'latin1');
  ints(28, [20140]);
  floats(50, origin);
  map.write(recipe.identifier ?? 'MAP ', 52 * 4, 'latin1');
  map.write(recipe.stamp ?? (bigEndian ? '11110000' : '44440000'), 53 * 4, 'hex');
  floats(55, [-1]);
  ints(56, [labels.length]);
  labels.forEach((label, i) => map.write(label.padEnd(80), 56 * 4 + i * 80, 'latin1'));
  extended.copy(map, 1024);
  let at = 1024 + extended.length;
  for (let s = 0; s < sections; s++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++, at += size) writeVoxel(view, at, mode, little, value(c, r, s));
  return map;
};
