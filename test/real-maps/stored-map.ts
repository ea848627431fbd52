import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A little-endian mode 2 map as its bytes stand in the file, read without the program's own reader. */
export interface StoredMap {
  /** NX, NY, NZ: columns, rows, sections. */
  readonly dimensions: readonly number[];
  /** Words that say where the voxels lie, by name. */
  readonly place: Readonly<Record<string, readonly number[]>>;
  readonly extended: Uint8Array;
  /** In file order, columns fastest. */
  readonly voxels: Float32Array;
}

/** Reads plain and gzip-packed files. Words are counted from 1, as in the table of MRC2014. */
export function readStored(path: string): StoredMap {
  const file = readFileSync(path);
  const bytes = path.endsWith('.gz') ? gunzipSync(file) : file;
  const ints = (word: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => bytes.readInt32LE((word - 1 + i) * 4));
  const floats = (word: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) => bytes.readFloatLE((word - 1 + i) * 4));
  if (ints(4, 1)[0] !== 2) throw new Error(`${path} is not of mode 2`);
  const dimensions = ints(1, 3);
  const extendedBytes = ints(24, 1)[0] ?? 0;
  const data = bytes.subarray(1024 + extendedBytes);
  return {
    dimensions,
    place: {
      'NX NY NZ': dimensions,
      NSTART: ints(5, 3),
      'MX MY MZ': ints(8, 3),
      cell: floats(11, 3),
      angles: floats(14, 3),
      'MAPC MAPR MAPS': ints(17, 3),
      ORIGIN: floats(50, 3),
    },
    extended: bytes.subarray(1024, 1024 + extendedBytes),
    voxels: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
  };
}

/** Correlation of `a` with `b` moved by (column, row, section) voxels, over the voxels where `a` is not 0. */
export function shiftedCorrelation(a: StoredMap, b: StoredMap, shift: readonly [number, number, number]): number {
  const [nx = 0, ny = 0, nz = 0] = a.dimensions;
  const [dx, dy, dz] = shift;
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let z = Math.max(0, -dz); z < Math.min(nz, nz - dz); z++)
    for (let y = Math.max(0, -dy); y < Math.min(ny, ny - dy); y++)
      for (let x = Math.max(0, -dx); x < Math.min(nx, nx - dx); x++) {
        const va = a.voxels[(z * ny + y) * nx + x] ?? 0;
        if (va === 0) continue;
        const vb = b.voxels[((z + dz) * ny + y + dy) * nx + x + dx] ?? 0;
        n++;
        sa += va;
        sb += vb;
        saa += va * va;
        sbb += vb * vb;
        sab += va * vb;
      }
  return (sab - (sa * sb) / n) / Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
}
