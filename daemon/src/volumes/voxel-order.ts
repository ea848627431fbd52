import type { AxisOrder, Triple } from './types.js';

/** True when the file stores x fastest and z slowest, so that its bytes are the voxels as they stand in memory. */
export const isStandardOrder = (axisOrder: AxisOrder): boolean => axisOrder[0] === 1 && axisOrder[1] === 2;

/**
 * For each file dimension (columns, rows, sections): how far apart neighbours along it lie in the standard array (z, y, x).
 */
export const standardStrides = (dimensions: Triple, axisOrder: AxisOrder): Triple => {
  const lengths = [0, 0, 0];
  axisOrder.forEach((axis, i) => {
    lengths[axis - 1] = dimensions[i] ?? 0;
  });
  const [nx = 0, ny = 0] = lengths;
  const strideOfAxis = [1, nx, nx * ny];
  const stride = (axis: 1 | 2 | 3): number => strideOfAxis[axis - 1] ?? 0;
  return [stride(axisOrder[0]), stride(axisOrder[1]), stride(axisOrder[2])];
};

/** Puts whole rows in file order, the first of them row number `firstRow` of the file, to their places in `standard`. */
export const scatterRows = (
  rows: Float32Array,
  firstRow: number,
  dimensions: Triple,
  strides: Triple,
  standard: Float32Array,
): void => {
  const [nc, nr] = dimensions;
  const [sc, sr, ss] = strides;
  for (let row = 0; row * nc < rows.length; row++) {
    const r = (firstRow + row) % nr;
    const s = Math.floor((firstRow + row) / nr);
    let to = r * sr + s * ss;
    for (let c = row * nc; c < (row + 1) * nc; c++, to += sc) standard[to] = rows[c] as number;
  }
};

/** The reverse: collects rows in file order from the standard array. */
export const gatherRows = (
  standard: Float32Array,
  firstRow: number,
  dimensions: Triple,
  strides: Triple,
  rows: Float32Array,
): void => {
  const [nc, nr] = dimensions;
  const [sc, sr, ss] = strides;
  for (let row = 0; row * nc < rows.length; row++) {
    const r = (firstRow + row) % nr;
    const s = Math.floor((firstRow + row) / nr);
    let from = r * sr + s * ss;
    for (let c = row * nc; c < (row + 1) * nc; c++, from += sc) rows[c] = standard[from] as number;
  }
};
