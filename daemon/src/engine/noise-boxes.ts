import { type Grid, LocScaleError, type Warning } from '@chimerax-like/rpc';
import type { Corner, NoiseBoxes } from '@locscale/native';
export type { NoiseBoxes } from '@locscale/native';
import { evenUp } from './recipes/window.js';

type Shape = Grid['shape'];

/** What a user may say about where noise is measured. */
export interface NoiseSettings {
  /** Edge of the boxes, voxels. Default: a tenth of the sections, rounded up to even. */
  readonly windowSize?: number | undefined;
  /** Voxel (z, y, x) in the middle of one box of the user's own; default: LocScale's four boxes. */
  readonly centre?: readonly [z: number, y: number, x: number] | undefined;
}

/** Shares of an edge at which LocScale's boxes begin and end (scaling.md 17). */
const [nearFace, farFace] = [0.02, 0.98];

/** The boxes that noise is measured in, checked against the map. */
export function noiseBoxes(shape: Shape, { windowSize, centre }: NoiseSettings): NoiseBoxes {
  const edge = windowSize ?? evenUp(0.1 * shape[0]);
  const smallest = Math.min(...shape);
  if (edge > smallest)
    throw new LocScaleError(
      'input.parameter',
      `The noise boxes have an edge of ${edge} voxels but the map only ${shape.join(' × ')} voxels (z × y × x); give a window of at most ${smallest} voxels (--fdr_window_size).`,
      { seen: edge, limit: smallest },
    );
  return { edge, corners: centre === undefined ? fourCorners(shape, edge) : [cornerAround(shape, edge, centre)] };
}

/**
 * LocScale's four boxes: near both faces along y and along x, centred in the other two axes, never along z, with its
 * truncations to whole voxels (scaling.md 6.1, no. 3).
 */
function fourCorners([nz, ny, nx]: Shape, edge: number): readonly Corner[] {
  const middle = (n: number): number => Math.trunc(0.5 * n - 0.5 * edge);
  const [cz, cy, cx] = [middle(nz), middle(ny), middle(nx)];
  const inside = (at: number, n: number): number => Math.max(0, Math.min(at, n - edge));
  return [
    [cz, inside(Math.trunc(nearFace * ny), ny), cx],
    [cz, inside(Math.trunc(farFace * ny - edge), ny), cx],
    [cz, cy, inside(Math.trunc(nearFace * nx), nx)],
    [cz, cy, inside(Math.trunc(farFace * nx) - edge, nx)],
  ];
}

function cornerAround(shape: Shape, edge: number, centre: readonly [number, number, number]): Corner {
  const corner: Corner = [
    centre[0] - Math.floor(edge / 2),
    centre[1] - Math.floor(edge / 2),
    centre[2] - Math.floor(edge / 2),
  ];
  if (corner.every((at, axis) => at >= 0 && at + edge <= (shape[axis] as number))) return corner;
  throw new LocScaleError(
    'input.parameter',
    `The noise box of ${edge} voxels around (${centre.join(', ')}) leaves the map of ${shape.join(' × ')} voxels (z, y, x); choose a place at least ${Math.ceil(edge / 2)} voxels from every face.`,
    { centre, edge, shape },
  );
}

/** Ratio of the boxes' variances beyond which one of them is taken to hold more than solvent. */
const unlikeVariances = 3;

/** A warning when the boxes are unlike each other: noise is much the same everywhere, molecule is not. */
export function unlikeNoise(map: Float32Array, shape: Shape, boxes: NoiseBoxes): Warning | null {
  const variances = boxes.corners.map((corner) => varianceIn(map, shape, corner, boxes.edge));
  const [least, most] = [Math.min(...variances), Math.max(...variances)];
  if (most <= unlikeVariances * least) return null;
  const at = (variance: number): string => `(${(boxes.corners[variances.indexOf(variance)] ?? []).join(', ')})`;
  const seen =
    least === 0
      ? `the one at ${at(least)} (z, y, x) holds a single value, as a masked map does`
      : `the variance of the one at ${at(most)} (z, y, x) is ${(most / least).toFixed(1)} times the smallest`;
  return {
    kind: 'mask.noise-differs',
    message: `The noise boxes are unlike each other: ${seen}; look at them (--picture) and name a box that holds solvent only (--noise_box).`,
  };
}

function varianceIn(map: Float32Array, [, ny, nx]: Shape, [z0, y0, x0]: Corner, edge: number): number {
  let [sum, squares] = [0, 0];
  for (let z = z0; z < z0 + edge; z++) {
    for (let y = y0; y < y0 + edge; y++) {
      const row = (z * ny + y) * nx + x0;
      for (const value of map.subarray(row, row + edge)) {
        sum += value;
        squares += value * value;
      }
    }
  }
  const count = edge ** 3;
  return Math.max(0, squares / count - (sum / count) ** 2);
}
