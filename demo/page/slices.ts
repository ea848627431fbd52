import type { Box } from '../simulation/box.js';
import type { Atom } from '../structure/atom.js';
import { escapeText } from './plot.js';
import { encodeGreyPng, pngDataUri } from '@locscale/daemon/dist/engine/png.js';
import { type Crop, enlarge, quantileIn, takeSlice, toGrey, type View } from './slice.js';

export interface SliceColumn {
  readonly label: string;
  readonly note: string;
  readonly map: Float32Array;
}

interface Row {
  readonly view: View;
  readonly index: number;
  readonly text: string;
}

const average = (atoms: readonly Atom[], axis: 0 | 1 | 2): number =>
  atoms.reduce((sum, atom) => sum + atom.position[axis], 0) / atoms.length;

/** Sections through the middle of the barrel, along it and across it. */
export const sliceRows = (atoms: readonly Atom[], { voxelSize }: Box): Row[] => {
  const sheet = atoms.filter((atom) => atom.region === 'strand');
  const arm = atoms.filter((atom) => atom.region === 'arm');
  const armStart = Math.min(...arm.map((atom) => atom.residueNumber));
  const firstArmHelix = arm.filter((atom) => atom.residueNumber < armStart + 12);
  const voxel = (coordinate: number): number => Math.round(coordinate / voxelSize);
  return [
    { view: 'z', index: voxel(average(sheet, 2)), text: 'across the barrel: eight strands inside eight helices' },
    {
      view: 'y',
      index: voxel(average(firstArmHelix, 1)),
      text: 'along the barrel and one helix of the flexible arm',
    },
    { view: 'x', index: voxel(average(sheet, 0)), text: 'along the barrel, at right angles to the one above' },
  ];
};

const cropAround = (atoms: readonly Atom[], { shape, voxelSize }: Box, margin: number): Crop => {
  const range = (axis: 0 | 1 | 2): readonly [number, number] => {
    const coordinates = atoms.map((atom) => atom.position[axis] / voxelSize);
    const low = coordinates.reduce((a, b) => Math.min(a, b), Infinity);
    const high = coordinates.reduce((a, b) => Math.max(a, b), -Infinity);
    const pad = margin / voxelSize;
    return [Math.max(0, Math.floor(low - pad)), Math.min(shape[2 - axis] ?? 0, Math.ceil(high + pad))];
  };
  return { x: range(0), y: range(1), z: range(2) };
};

/**
 * The grid of pictures. All maps get the same rule: white at the 99.7 % quantile of the map inside the mask, black a
 * quarter as far below zero.
 */
export const sliceGrid = (
  columns: readonly SliceColumn[],
  atoms: readonly Atom[],
  box: Box,
  mask: Float32Array,
): string => {
  const crop = cropAround(
    atoms.filter((atom) => atom.region !== 'tail'),
    box,
    7,
  );
  const rows = sliceRows(atoms, box);
  const heads = columns.map(
    ({ label, note }) => `<div class="head">${escapeText(label)}<small>${escapeText(note)}</small></div>`,
  );
  const whites = columns.map(({ map }) => quantileIn(map, mask, 0.997));
  const pictures = rows.flatMap(({ view, index, text }) =>
    columns.map(({ label, map }, k) => {
      const { values, width, height } = enlarge(takeSlice(map, box, view, index, crop), 3);
      const white = whites[k] ?? 1;
      const png = encodeGreyPng(toGrey(values, -white / 4, white), width, height);
      const caption = k === 0 ? `${view} = ${index}: ${text}` : '';
      const alternative = escapeText(`${label}, section ${index} along ${view}`);
      return `<figure><img src="${pngDataUri(png)}" width="${width}" height="${height}" alt="${alternative}">${caption === '' ? '' : `<figcaption>${escapeText(caption)}</figcaption>`}</figure>`;
    }),
  );
  return `<div class="scroll"><div class="slices">${heads.join('')}${pictures.join('')}</div></div>`;
};
