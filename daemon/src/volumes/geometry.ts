import { LocScaleError, type Grid, type Warning } from '@chimerax-like/rpc';
import type { AxisOrder, Triple } from './types.js';
import type { HeaderWords } from './words.js';

/** Largest relative difference between the voxel edges that is taken for cubic; above it radii and shells would be wrong. */
export const voxelTolerance = 0.01;
/** Cell angles within this of 90° are right angles (float32 rounding, degrees). */
const angleTolerance = 0.01;

export interface Geometry {
  readonly axisOrder: AxisOrder;
  readonly start: Triple;
  readonly sampling: Triple;
  readonly cell: Triple;
  readonly angles: Triple;
  readonly originWords: Triple;
  readonly spaceGroup: number;
  readonly grid: Grid;
  readonly warnings: readonly Warning[];
}

/** Numbers as people read them: six digits are what a float32 header word holds. */
const show = (numbers: readonly number[], unit = ''): string =>
  numbers.map((n) => `${Number(n.toPrecision(6))}`).join(' × ') + unit;

/** Puts a triple given in file order (columns, rows, sections) into coordinate order (x, y, z). */
export const toXyz = (fileOrder: Triple, axisOrder: AxisOrder): Triple => {
  const xyz: [number, number, number] = [0, 0, 0];
  axisOrder.forEach((axis, i) => {
    xyz[axis - 1] = fileOrder[i] ?? 0;
  });
  return xyz;
};

/** MAPC, MAPR, MAPS (words 17–19); three zeros, from programs older than the words, mean 1, 2, 3. */
const readAxisOrder = (words: HeaderWords, name: string, warnings: Warning[]): AxisOrder => {
  const axes = words.ints(17);
  if (axes.every((axis) => axis === 0)) {
    warnings.push({ kind: 'header.axis-order', message: 'The axis order is empty; taken as x, y, z.' });
    return [1, 2, 3];
  }
  if ([...axes].sort().join() !== '1,2,3')
    throw new LocScaleError(
      'input.header',
      `${name}: the axis order is ${axes.join(', ')}, but must hold 1, 2 and 3 once each; the header is damaged, take the file from its source again.`,
      { seen: axes },
    );
  return axes as unknown as AxisOrder;
};

/** Voxels along the cell edges; 0 in all three (never filled in) means: the box is the cell. */
const readSampling = (words: HeaderWords, dimensionsXyz: Triple, name: string, warnings: Warning[]): Triple => {
  const sampling = words.ints(8);
  if (sampling.every((n) => n > 0)) return sampling;
  if (sampling.every((n) => n === 0)) {
    warnings.push({ kind: 'header.sampling', message: 'MX, MY, MZ are empty; taken as the dimensions of the box.' });
    return dimensionsXyz;
  }
  throw new LocScaleError(
    'input.header',
    `${name}: the cell is divided into ${sampling.join(' × ')} voxels (MX, MY, MZ), but each must be at least 1; the header is damaged, take the file from its source again.`,
    { seen: sampling },
  );
};

const checkAngles = (angles: Triple, name: string, warnings: Warning[]): void => {
  if (angles.every((angle) => angle === 0)) {
    warnings.push({ kind: 'header.cell-angles', message: 'The cell angles are empty; taken as 90°.' });
    return;
  }
  if (angles.every((angle) => Math.abs(angle - 90) <= angleTolerance)) return;
  throw new LocScaleError(
    'input.format',
    `${name}: the cell angles are ${angles.map((a) => Number(a.toPrecision(6))).join(', ')}°, but only boxes with right angles are read here; this is a crystal map, resample it onto a cubic grid first.`,
    { seen: angles },
  );
};

/**
 * ISPG (word 23). Volumes carry 1, by MRC2014, or very often 0; 401 and more are stacks of volumes; the space groups between
 * are crystals, whose box is not a particle.
 */
const checkSpaceGroup = (spaceGroup: number, name: string, warnings: Warning[]): void => {
  if (spaceGroup === 0 || spaceGroup === 1) return;
  if (spaceGroup >= 401 && spaceGroup <= 630)
    throw new LocScaleError(
      'input.format',
      `${name}: the space group word is ${spaceGroup}, which marks a stack of volumes, but one volume is expected; write the volumes to files of their own.`,
      { seen: spaceGroup },
    );
  if (spaceGroup >= 2 && spaceGroup <= 230)
    throw new LocScaleError(
      'input.format',
      `${name}: the space group is ${spaceGroup}, so this is a crystal map, but a single-particle map (space group 1 or 0) is expected; set the word to 1 if that is what it is.`,
      { seen: spaceGroup },
    );
  warnings.push({ kind: 'header.space-group', message: `The space group word is ${spaceGroup}; taken as 1.` });
};

const readVoxelSize = (cell: Triple, sampling: Triple, name: string): [number, number, number] => {
  if (!cell.every((edge) => Number.isFinite(edge) && edge > 0))
    throw new LocScaleError(
      'input.header',
      `${name}: the cell is ${show(cell, ' Å')}, but every edge must be above 0, so the voxel size is unknown; set the voxel size in the file’s header first.`,
      { seen: cell },
    );
  const size: [number, number, number] = [cell[0] / sampling[0], cell[1] / sampling[1], cell[2] / sampling[2]];
  if (Math.max(...size) > Math.min(...size) * (1 + voxelTolerance))
    throw new LocScaleError(
      'input.format',
      `${name}: a voxel is ${show(size, ' Å')}, but the edges may differ by 1 % at most; resample the map onto a cubic grid first, or correct the header.`,
      { seen: size },
    );
  return size;
};

/** Where the box lies, in Å: the ORIGIN words if any is set, else NSTART × voxel size. */
const readOrigin = (
  origin: Triple,
  start: Triple,
  voxelSize: Triple,
  warnings: Warning[],
): [number, number, number] => {
  if (!origin.every(Number.isFinite))
    warnings.push({ kind: 'header.origin', message: 'The ORIGIN words are not finite numbers; NSTART is used.' });
  else if (origin.some((value) => value !== 0)) return [...origin];
  return [start[0] * voxelSize[0], start[1] * voxelSize[1], start[2] * voxelSize[2]];
};

/** Reads and checks everything that says where the voxels lie in space. */
export const readGeometry = (words: HeaderWords, name: string): Geometry => {
  const warnings: Warning[] = [];
  const axisOrder = readAxisOrder(words, name, warnings);
  const dimensions = toXyz(words.ints(1), axisOrder);
  const start = words.ints(5);
  const sampling = readSampling(words, dimensions, name, warnings);
  const cell = words.floats(11);
  const angles = words.floats(14);
  checkAngles(angles, name, warnings);
  const spaceGroup = words.int(23);
  checkSpaceGroup(spaceGroup, name, warnings);
  const voxelSize = readVoxelSize(cell, sampling, name);
  const originWords = words.floats(50);
  const origin = readOrigin(originWords, toXyz(start, axisOrder), voxelSize, warnings);
  const [nx, ny, nz] = dimensions;
  const grid: Grid = { shape: [nz, ny, nx], voxelSize, origin };
  return { axisOrder, start, sampling, cell, angles, originWords, spaceGroup, grid, warnings };
};
