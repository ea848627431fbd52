import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVolume } from '../../daemon/src/volumes/index.js';
import { root } from './locscale.js';

/** Inputs and outputs of LocScale 2.3.1, outside the repository. */
export const goldenFolder = join(root, '..', 'shared', 'golden', 'cube96-6wqa');
export const goldenMissing = !existsSync(goldenFolder);

export const goldenFile = (name: string): string => join(goldenFolder, `${name}.mrc.gz`);

export const voxelsOf = async (path: string): Promise<Float32Array> =>
  (await readVolume(path, { requireSignal: false })).voxels;

interface Mode {
  readonly scale_factor_arguments: { readonly wilson: number; readonly fsc_cutoff: number };
}

/** Å: where LocScale began and ended the fits of a run. */
export function goldenCutoffs(mode: string): { readonly wilson: number; readonly fsc: number } {
  const text = readFileSync(join(goldenFolder, 'manifest.json'), 'utf8');
  const { modes } = JSON.parse(text) as { readonly modes: Readonly<Record<string, Mode>> };
  const found = modes[mode];
  if (found === undefined) throw new Error(`no mode ${mode} in the manifest`);
  return { wilson: found.scale_factor_arguments.wilson, fsc: found.scale_factor_arguments.fsc_cutoff };
}

/** Largest difference over the chosen voxels; NaN when one of them is not a number. */
export const largestDifference = (expected: Float32Array, found: Float32Array, chosen: readonly number[]): number =>
  chosen.reduce((most, i) => {
    const difference = Math.abs((expected[i] ?? NaN) - (found[i] ?? NaN));
    return most >= difference || Number.isNaN(most) ? most : difference;
  }, 0);

/** The same in standard deviations of the expected values there. */
export function worstDifference(expected: Float32Array, found: Float32Array, chosen: readonly number[]): number {
  const values = chosen.map((i) => expected[i] ?? NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return largestDifference(expected, found, chosen) / Math.sqrt(variance);
}
