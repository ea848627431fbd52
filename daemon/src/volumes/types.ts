import type { Grid, Statistics, Warning } from '@chimerax-like/rpc';

export type ByteOrder = 'little' | 'big';
export type Compression = 'none' | 'gzip' | 'bzip2';
export type Triple = readonly [number, number, number];

/** Axis of each file dimension: `[MAPC, MAPR, MAPS]`, 1 = x, 2 = y, 3 = z; columns run fastest in the file. */
export type AxisOrder = readonly [1 | 2 | 3, 1 | 2 | 3, 1 | 2 | 3];

/** The extended header as it stands in the file; `type` is EXTTYP (word 27), empty when none is given. */
export interface ExtendedHeader {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * The header of a map file, checked. Fields called "in file order" are (columns, rows, sections) as stored; `grid` has the
 * axes already in standard order.
 */
export interface MapHeader {
  readonly path: string;
  readonly compression: Compression;
  readonly byteOrder: ByteOrder;
  /** Mode word (word 4) and its name, e.g. 2, `float32`. */
  readonly mode: number;
  readonly modeName: string;
  /** NX, NY, NZ (words 1–3), in file order. */
  readonly dimensions: Triple;
  /** Start of the box in the unit cell (words 5–7), in file order, voxels. */
  readonly start: Triple;
  /** MX, MY, MZ (words 8–10): voxels along the cell edges x, y, z. */
  readonly sampling: Triple;
  /** Cell edges (words 11–13), x, y, z, Å. */
  readonly cell: Triple;
  /** Cell angles (words 14–16), degrees, as stored. */
  readonly angles: Triple;
  readonly axisOrder: AxisOrder;
  /** ORIGIN (words 50–52), x, y, z, Å, as stored; `grid.origin` is the effective one. */
  readonly originWords: Triple;
  readonly spaceGroup: number;
  /** What the header says of the voxels (words 20–22, 55); often wrong, so never used in calculations. */
  readonly storedStatistics: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly rms: number;
  };
  readonly labels: readonly string[];
  readonly extended: ExtendedHeader;
  /** The 1024 bytes of the main header, as stored. */
  readonly bytes: Uint8Array;
  readonly grid: Grid;
  /** Where the voxels begin in the (decompressed) file, and how many bytes they take. */
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly warnings: readonly Warning[];
}

/** A map in memory: axes in standard order, voxels in C order (z, y, x), x fastest. */
export interface Volume {
  readonly grid: Grid;
  readonly voxels: Float32Array;
  readonly header: MapHeader;
  readonly statistics: Statistics;
  readonly warnings: readonly Warning[];
}
