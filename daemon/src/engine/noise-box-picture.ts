import type { Grid } from '@chimerax-like/rpc';
import type { NoiseBoxes } from '@locscale/native';
import { encodeGreyPng } from './png.js';

/** Edge of one slice in the picture, pixels, at least. */
const sliceEdge = 300;
const gap = 8;
/** Grey levels run over this many standard deviations on either side of the mean. */
const contrast = 4;

/** The two axes that a slice across `axis` shows: rows and columns. */
const shown = { 0: [1, 2], 1: [0, 2], 2: [0, 1] } as const;
type Axis = keyof typeof shown;

interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
}

/**
 * PNG of three slices (across z, y and x) with the outlines of the noise boxes that they cut: the slices through the middle of the map, or
 * through a single box. A look at it tells whether a box holds molecule.
 */
export function noiseBoxPicture(
  voxels: Float32Array,
  shape: Grid['shape'],
  boxes: NoiseBoxes,
  statistics: { readonly mean: number; readonly sd: number },
): Buffer {
  const single = boxes.corners.length === 1 ? boxes.corners[0] : undefined;
  const at = (axis: Axis): number =>
    single === undefined ? Math.floor(shape[axis] / 2) : single[axis] + Math.floor(boxes.edge / 2);
  const scale = Math.max(1, Math.ceil(sliceEdge / Math.max(...shape)));
  const axes = [0, 1, 2] as const;
  const width = axes.reduce<number>((sum, axis) => sum + shape[shown[axis][1]] * scale + gap, gap);
  const height = Math.max(...axes.map((axis) => shape[shown[axis][0]])) * scale + 2 * gap;
  const picture: Picture = { pixels: new Uint8Array(width * height).fill(255), width };
  let left = gap;
  for (const axis of axes) {
    drawSlice(picture, left, scale, voxels, shape, axis, at(axis), statistics);
    for (const corner of boxes.corners) {
      if (at(axis) < corner[axis] || at(axis) >= corner[axis] + boxes.edge) continue;
      const [rows, columns] = shown[axis];
      drawSquare(picture, left + corner[columns] * scale, gap + corner[rows] * scale, boxes.edge * scale);
    }
    left += shape[shown[axis][1]] * scale + gap;
  }
  return encodeGreyPng(picture.pixels, width, height);
}

function drawSlice(
  { pixels, width }: Picture,
  left: number,
  scale: number,
  voxels: Float32Array,
  shape: Grid['shape'],
  axis: Axis,
  index: number,
  { mean, sd }: { readonly mean: number; readonly sd: number },
): void {
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const [rows, columns] = shown[axis];
  for (let row = 0; row < shape[rows] * scale; row++) {
    for (let column = 0; column < shape[columns] * scale; column++) {
      const from =
        index * strides[axis] + Math.floor(row / scale) * strides[rows] + Math.floor(column / scale) * strides[columns];
      const level = ((voxels[from] as number) - mean) / (2 * contrast * (sd || 1)) + 0.5;
      pixels[(gap + row) * width + left + column] = Math.round(255 * Math.min(1, Math.max(0, level)));
    }
  }
}

/** A white outline with a black one inside, to be seen on any grey. */
function drawSquare({ pixels, width }: Picture, left: number, top: number, edge: number): void {
  for (const [inset, grey] of [
    [0, 255],
    [1, 0],
  ] as const) {
    const last = edge - 1 - inset;
    for (let i = inset; i <= last; i++) {
      pixels[(top + inset) * width + left + i] = grey;
      pixels[(top + last) * width + left + i] = grey;
      pixels[(top + i) * width + left + inset] = grey;
      pixels[(top + i) * width + left + last] = grey;
    }
  }
}
