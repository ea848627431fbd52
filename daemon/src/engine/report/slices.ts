import type { Grid } from '@chimerax-like/rpc';
import { encodeGreyPng } from '../png.js';
import type { SlicesPart } from '../../report/index.js';
import type { NamedMap } from './named-map.js';

/** Longer edge of a picture in pixels, at least: what a third of a page shows in print. */
const leastPixels = 400;
/** Black is this share of the distribution of density in the box, so that noise shows; white is one of that in the mask. */
const [black, white] = [0.02, 0.998];
/** Enough for shares as fine as these. */
const mostSamples = 400_000;

/** Axes (z, y, x) of the rows and columns of a section across each axis. */
const shown = { 0: [1, 2], 1: [0, 2], 2: [0, 1] } as const;
const names = ['z', 'y', 'x'] as const;

/** The sections through the middle of the box, of all maps by the same rule. */
export function slicesPart(maps: readonly NamedMap[], grid: Grid, mask: Uint8Array | undefined): SlicesPart {
  const { shape, voxelSize } = grid;
  // The voxel size is (x, y, z), everything here (z, y, x).
  const spacing = [voxelSize[2], voxelSize[1], voxelSize[0]] as const;
  const levels = maps.map(({ voxels }) => greyLevels(voxels, mask));
  return {
    contrast:
      `Black is the ${black * 100} % quantile of the densities of each map, white the ${white * 100} % quantile` +
      `${mask === undefined ? '' : ' of those in the mask'}: one rule for all, since maps differ in scale.`,
    planes: ([0, 1, 2] as const).map((axis) => {
      const [rows, columns] = shown[axis];
      const section = Math.floor(shape[axis] / 2);
      const [width, height] = [shape[columns] * spacing[columns], shape[rows] * spacing[rows]];
      return {
        across: names[axis],
        section,
        sections: shape[axis],
        width,
        height,
        panels: maps.map(({ name, voxels }, i) => ({
          name,
          png: picture(voxels, shape, axis, section, height / width, levels[i] ?? [0, 1]),
        })),
      };
    }),
  };
}

function greyLevels(voxels: Float32Array, mask: Uint8Array | undefined): readonly [number, number] {
  const inside = mask?.some((value) => value > 0) === true ? mask : undefined;
  return [quantile(voxels, black, undefined), quantile(voxels, white, inside)];
}

function quantile(voxels: Float32Array, share: number, mask: Uint8Array | undefined): number {
  const count = mask === undefined ? voxels.length : mask.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  const stride = Math.max(1, Math.ceil(count / mostSamples));
  const samples = new Float32Array(Math.ceil(count / stride));
  let [seen, next] = [0, 0];
  for (let i = 0; i < voxels.length; i++) {
    if (mask?.[i] === 0) continue;
    if (seen++ % stride === 0) samples[next++] = voxels[i] as number;
  }
  samples.sort();
  return samples[Math.floor(share * (samples.length - 1))] as number;
}

/** A section as a grey picture, linear between voxels, first row at the highest index (rows run upwards). */
function picture(
  voxels: Float32Array,
  shape: Grid['shape'],
  axis: 0 | 1 | 2,
  section: number,
  aspect: number,
  [low, high]: readonly [number, number],
): Buffer {
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const [rows, columns] = shown[axis];
  const [nr, nc] = [shape[rows], shape[columns]];
  const longer = Math.max(leastPixels, nr, nc);
  const width = Math.max(1, Math.round(aspect > 1 ? longer / aspect : longer));
  const height = Math.max(1, Math.round(width * aspect));
  const pixels = new Uint8Array(width * height);
  const scale = 255 / (high - low || 1);
  for (let py = 0; py < height; py++) {
    const r = between(((height - py - 0.5) / height) * nr - 0.5, nr);
    for (let px = 0; px < width; px++) {
      const c = between(((px + 0.5) / width) * nc - 0.5, nc);
      const value = (row: number, column: number): number =>
        voxels[section * strides[axis] + row * strides[rows] + column * strides[columns]] as number;
      const below = value(r.low, c.low) * (1 - c.share) + value(r.low, c.high) * c.share;
      const above = value(r.high, c.low) * (1 - c.share) + value(r.high, c.high) * c.share;
      const density = below * (1 - r.share) + above * r.share;
      pixels[py * width + px] = Math.round(Math.min(255, Math.max(0, (density - low) * scale)));
    }
  }
  return encodeGreyPng(pixels, width, height);
}

/** Neighbouring indices of a place between voxels, and how far it is towards the upper one; clamped at the ends. */
function between(at: number, n: number): { readonly low: number; readonly high: number; readonly share: number } {
  const inside = Math.min(n - 1, Math.max(0, at));
  const low = Math.floor(inside);
  return { low, high: Math.min(n - 1, low + 1), share: inside - low };
}
