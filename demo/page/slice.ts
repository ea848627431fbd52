import type { Box } from '../simulation/box.js';

/** A two-dimensional cut through a map, rows from the top of the picture. */
export interface Slice {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Direction that is looked along; the picture shows the other two (horizontal first). */
export type View = 'z' | 'y' | 'x';

/** Half-open ranges of voxels along (z, y, x). */
export interface Crop {
  readonly z: readonly [number, number];
  readonly y: readonly [number, number];
  readonly x: readonly [number, number];
}

const axesOf = { z: ['x', 'y'], y: ['x', 'z'], x: ['y', 'z'] } as const satisfies Record<
  View,
  readonly ['x' | 'y', 'y' | 'z']
>;

/** The section `index` of a map seen along `view`, within `crop`; the vertical axis points up, as in a plot. */
export const takeSlice = (map: Float32Array, { shape }: Box, view: View, index: number, crop: Crop): Slice => {
  const [horizontal, vertical] = axesOf[view];
  const [h0, h1] = crop[horizontal];
  const [v0, v1] = crop[vertical];
  const width = h1 - h0;
  const height = v1 - v0;
  const values = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const at = { [view]: index, [horizontal]: h0 + column, [vertical]: v1 - 1 - row } as Record<View, number>;
      values[row * width + column] = map[(at.z * shape[1] + at.y) * shape[2] + at.x] ?? 0;
    }
  return { values, width, height };
};

/** Catmull–Rom weights for the four samples around a point at `t` (0…1) between the middle two. */
const cubicWeights = (t: number): readonly number[] => [
  0.5 * (-t + 2 * t * t - t * t * t),
  0.5 * (2 - 5 * t * t + 3 * t * t * t),
  0.5 * (t + 4 * t * t - 3 * t * t * t),
  0.5 * (-t * t + t * t * t),
];

/** Enlarges a slice by a whole factor with cubic interpolation, so that a voxel grid does not look like features. */
export const enlarge = ({ values, width, height }: Slice, factor: number): Slice => {
  const clamp = (i: number, n: number): number => Math.min(n - 1, Math.max(0, i));
  const out = {
    values: new Float32Array(width * height * factor * factor),
    width: width * factor,
    height: height * factor,
  };
  const place = (i: number): { readonly first: number; readonly weights: readonly number[] } => {
    const position = (i + 0.5) / factor - 0.5;
    return { first: Math.floor(position) - 1, weights: cubicWeights(position - Math.floor(position)) };
  };
  const columns = Array.from({ length: out.width }, (_, i) => place(i));
  for (let row = 0; row < out.height; row++) {
    const { first: top, weights: down } = place(row);
    columns.forEach(({ first, weights }, column) => {
      let sum = 0;
      down.forEach((wy, j) => {
        const line = clamp(top + j, height) * width;
        weights.forEach((wx, i) => {
          sum += wy * wx * (values[line + clamp(first + i, width)] ?? 0);
        });
      });
      out.values[row * out.width + column] = sum;
    });
  }
  return out;
};

/** 8-bit grey, black at `black` and white at `white`. */
export const toGrey = (values: Float32Array, black: number, white: number): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(255 * Math.min(1, Math.max(0, (value - black) / (white - black)))));

/** Value below which `share` of the selected voxels lie. */
export const quantileIn = (map: Float32Array, selected: Float32Array, share: number): number => {
  const inside = map.filter((_, i) => (selected[i] ?? 0) > 0).sort();
  return inside[Math.min(inside.length - 1, Math.floor(share * inside.length))] ?? 0;
};
