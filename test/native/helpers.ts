import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Shape } from '@locscale/native';

/** Golden data of LocScale 2.3.1; the suite passes without it, and says so. */
const goldenFolder = fileURLToPath(new URL('../../../shared/golden/cube96-6wqa/', import.meta.url));

export const goldenMissing = !existsSync(`${goldenFolder}manifest.json`);
/** Stands in the title of the tests that are skipped without the data. */
export const goldenReason = 'needs ../shared/golden/cube96-6wqa';

/** The parts of the manifest that these tests read. */
export interface GoldenManifest {
  readonly files: Readonly<Record<string, GoldenFile>>;
  readonly fsc: { readonly curve: readonly number[]; readonly cref: readonly number[] };
  readonly fsc_soft_masked: { readonly curve: readonly number[] };
  readonly profiles_full_map: {
    readonly true_radius_n_half: readonly number[];
    readonly octant_n_half: readonly number[];
  };
  readonly fdr: { readonly nofilter: GoldenConfidence; readonly filter5: GoldenConfidence };
  readonly numbers: { readonly window: number };
  readonly modes: Readonly<Record<string, GoldenMode>>;
  /** Mask voxels that LocScale 2.3.1 drops although their windows fit: its defect (scaling.md 15, no. 14). */
  readonly mask_voxels_dropped_at_edge_zyx: readonly (readonly [number, number, number])[];
}

export interface GoldenConfidence {
  readonly noise_mean: number;
  readonly noise_var: number;
  readonly voxels_in_ball: number;
  readonly voxels_ge_0p99: number;
  readonly voxels_ge_0p5: number;
  readonly map_threshold_printed: readonly string[];
}

export interface GoldenFile {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  readonly nonzero: number;
}

export interface GoldenMode {
  readonly window: number;
  readonly padding_value_emmap?: number;
  readonly padding_value_modmap?: number;
  readonly probes: readonly GoldenProbe[];
}

export interface GoldenProbe {
  readonly center_zyx_in_padded_box: readonly [number, number, number];
  readonly em_profile: readonly number[];
  readonly ref_profile: readonly number[];
  readonly scale_factors: readonly number[];
  readonly value: number;
}

export const goldenShape: Shape = [96, 96, 96];

export function goldenManifest(): GoldenManifest {
  return JSON.parse(readFileSync(`${goldenFolder}manifest.json`, 'utf8')) as GoldenManifest;
}

/** Voxels of a golden map: gzip of a 1024-byte header and little-endian float32 (mode 2), nothing else. */
export function goldenMap(name: string): Float32Array {
  const file = gunzipSync(readFileSync(`${goldenFolder}${name}`));
  const mode = file.readInt32LE(12);
  const extendedBytes = file.readInt32LE(92);
  if (mode !== 2 || extendedBytes !== 0) throw new Error(`${name}: mode ${mode}, ${extendedBytes} extended bytes`);
  return new Float32Array(file.buffer.slice(file.byteOffset + 1024, file.byteOffset + file.length));
}

export const voxelIndex = ([z, y, x]: readonly [number, number, number], [, ny, nx]: Shape): number =>
  (z * ny + y) * nx + x;

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomMap(length: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from({ length }, () => random() * 2 - 1);
}

/** Largest absolute difference of two arrays of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
