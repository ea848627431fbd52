import { encodeGreyPng } from './png.js';

type Shape = readonly [z: number, y: number, x: number];

/** Picture points of one voxel, and between two sections. */
const scale = 2;
const gap = 6;
/** From a little below the middle of the map to its brightest thousandth or so, brightened in the middle. */
const [blackShare, whiteShare, gamma] = [0.2, 0.9985, 0.7];

export interface ContextPictureInput {
  readonly shape: Shape;
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** Smoothed mask of the context. */
  readonly mask: Float32Array;
}

/**
 * A map before and after its context is removed, as a PNG: three rows, sections across z, y and x through the middle of the context; from left to right the
 * map, the map with the outline of the context, the cleaned map. The grey values are the same for all.
 */
export function contextPicture({ shape, before, after, mask }: ContextPictureInput): Uint8Array {
  const middle = middleOf(mask, shape);
  const grey = greyOf(before);
  const edge = scale * Math.max(...shape);
  const width = 3 * edge + 2 * gap;
  const pixels = new Uint8Array(width * width).fill(255);
  for (const axis of [0, 1, 2] as const) {
    const section = new Section(shape, axis, middle[axis]);
    for (const [column, voxels] of [before, before, after].entries())
      for (let row = 0; row < scale * section.rows; row++)
        for (let x = 0; x < scale * section.columns; x++) {
          const [r, c] = [Math.floor(row / scale), Math.floor(x / scale)];
          const outline = column === 1 && section.isBorder(mask, r, c);
          const place = (axis * (edge + gap) + row) * width + column * (edge + gap) + x;
          pixels[place] = outline ? 255 : grey(voxels[section.voxel(r, c)] as number);
        }
  }
  return encodeGreyPng(pixels, width, width);
}

/** One section across an axis, as rows and columns of voxel numbers. */
class Section {
  readonly rows: number;
  readonly columns: number;
  readonly #shape: Shape;
  readonly #axis: 0 | 1 | 2;
  readonly #place: number;

  constructor(shape: Shape, axis: 0 | 1 | 2, place: number) {
    this.#shape = shape;
    this.#axis = axis;
    this.#place = place;
    this.rows = shape[axis === 0 ? 1 : 0];
    this.columns = shape[axis === 2 ? 1 : 2];
  }

  voxel(row: number, column: number): number {
    const place = this.#place;
    const [z, y, x] = (
      [
        [place, row, column],
        [row, place, column],
        [row, column, place],
      ] as const
    )[this.#axis];
    return (z * this.#shape[1] + y) * this.#shape[2] + x;
  }

  /** Whether a voxel lies in the mask and one of its neighbours does not. */
  isBorder(mask: Float32Array, row: number, column: number): boolean {
    const inside = (r: number, c: number): boolean =>
      r >= 0 && c >= 0 && r < this.rows && c < this.columns && (mask[this.voxel(r, c)] as number) >= 0.5;
    if (!inside(row, column)) return false;
    return !(inside(row - 1, column) && inside(row + 1, column) && inside(row, column - 1) && inside(row, column + 1));
  }
}

function greyOf(map: Float32Array): (value: number) => number {
  const sorted = map.toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  const [black, white] = [at(blackShare), at(whiteShare)];
  const range = white > black ? white - black : 1;
  return (value) => Math.round(255 * Math.min(1, Math.max(0, (value - black) / range)) ** gamma);
}

/** Centre of mass of the mask, or the middle of the box where it is empty. */
function middleOf(mask: Float32Array, [nz, ny, nx]: Shape): Shape {
  let [sum, sz, sy, sx] = [0, 0, 0, 0];
  for (const [voxel, value] of mask.entries()) {
    if (value === 0) continue;
    sum += value;
    sz += value * Math.floor(voxel / (ny * nx));
    sy += value * (Math.floor(voxel / nx) % ny);
    sx += value * (voxel % nx);
  }
  if (sum === 0) return [nz >> 1, ny >> 1, nx >> 1];
  return [Math.floor(sz / sum), Math.floor(sy / sum), Math.floor(sx / sum)];
}
