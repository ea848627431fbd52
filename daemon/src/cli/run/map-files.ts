import { resolve } from 'node:path';
import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import { checkOutputPath } from '../../engine/output-path.js';
import { checkGrids, withVoxelSize } from '../../engine/recipes/grids.js';
import type { Runner } from '../../engine/runner.js';
import { combineHalfMaps } from '../../engine/steps/combine-half-maps.js';
import { loadVolume } from '../../engine/steps/load-volume.js';
import { programVersion } from '../../engine/version.js';
import { type MapHeader, writeVolume } from '../../volumes/index.js';
import { CommandLineError } from '../command-line-error.js';
import type { Given } from '../options/given.js';

/** A map in memory and the header that an output of the same step repeats. */
export interface OpenMap {
  readonly path: string;
  readonly grid: Grid;
  readonly voxels: Float32Array;
  readonly header: MapHeader;
}

/** Reads a map; `mayBeConstant` for masks. `apix` replaces the voxel size of its header. */
export async function openMap(
  steps: Runner,
  path: string,
  options: { readonly mayBeConstant?: boolean; readonly voxelSize?: number | undefined } = {},
): Promise<OpenMap> {
  const { mayBeConstant = false, voxelSize } = options;
  const source = { kind: 'mrc', path } as const;
  const { grid, voxels, header } = await steps.run(loadVolume, { source, mayBeConstant }, path);
  if (header === null) throw new Error('a map file always has a header');
  return { path, grid: withVoxelSize(grid, voxelSize), voxels, header };
}

/** Refuses maps that do not lie on one grid; `names` as sentences call them. */
export function assertOneGrid(steps: Runner, maps: Readonly<Record<string, OpenMap>>): void {
  checkGrids(Object.fromEntries(Object.entries(maps).map(([name, { grid }]) => [name, grid])), steps.warn);
}

/** The one map that a command line names, as its only argument or by `-em`. */
export function onlyMap(given: Given, maps: readonly string[]): string {
  const named = given.path('emmap_path');
  const [first, ...more] = [...maps.map((path) => resolve(path)), ...(named === undefined ? [] : [named])];
  if (first !== undefined && more.length === 0) return first;
  throw new CommandLineError(
    'command-line.usage',
    first === undefined
      ? 'No map is given; name one.'
      : `${more.length + 1} maps are given, one is expected; name one.`,
  );
}

/** Two half maps: `-hm A B`, or the two arguments. */
export function halfMaps(given: Given, maps: readonly string[]): readonly [string, string] | undefined {
  const pair = given.pair('halfmap_paths');
  if (pair !== undefined && maps.length > 0)
    throw new CommandLineError('command-line.usage', `Both -hm and ${maps.join(', ')} are given; give only two maps.`);
  if (pair !== undefined) return pair;
  const [first, second] = maps.map((path) => resolve(path));
  return first !== undefined && second !== undefined && maps.length === 2 ? [first, second] : undefined;
}

/** Both half maps, on one grid. */
export async function openHalfMaps(
  steps: Runner,
  [path1, path2]: readonly [string, string],
  voxelSize?: number,
): Promise<readonly [OpenMap, OpenMap]> {
  const half1 = await openMap(steps, path1, { voxelSize });
  const half2 = await openMap(steps, path2, { voxelSize });
  assertOneGrid(steps, { 'half map 1': half1, 'half map 2': half2 });
  return [half1, half2];
}

/** What to work on: one map, or the mean of two half maps. */
export type MapSource =
  | { readonly kind: 'map'; readonly path: string }
  | { readonly kind: 'mean'; readonly halves: readonly [string, string] };

export function mapSource(given: Given, maps: readonly string[]): MapSource {
  const halves = given.pair('halfmap_paths');
  if (halves === undefined) return { kind: 'map', path: onlyMap(given, maps) };
  if (maps.length === 0 && given.path('emmap_path') === undefined) return { kind: 'mean', halves };
  throw new CommandLineError('command-line.usage', 'Both half maps (-hm) and a map are given; give one or the other.');
}

export const sourcePaths = (source: MapSource): readonly string[] =>
  source.kind === 'map' ? [source.path] : source.halves;

/** The map in memory; with half maps also these. */
export async function openSource(
  steps: Runner,
  source: MapSource,
  voxelSize?: number,
): Promise<{ readonly map: OpenMap; readonly halves: readonly [OpenMap, OpenMap] | null }> {
  if (source.kind === 'map') return { map: await openMap(steps, source.path, { voxelSize }), halves: null };
  const halves = await openHalfMaps(steps, source.halves, voxelSize);
  const mean = { half1: halves[0].voxels, half2: halves[1].voxels };
  const voxels = await steps.run(combineHalfMaps, mean, 'combining the half maps');
  return { map: { ...halves[0], voxels }, halves };
}

/** Looks at an output path before any work is done. */
export async function checkOutputs(outputs: readonly string[], inputs: readonly string[]): Promise<void> {
  for (const [i, output] of outputs.entries()) {
    if (outputs.indexOf(output) !== i)
      throw new LocScaleError('output.unwritable', `${output} is named for two outputs; give each its own name.`);
    await checkOutputPath(output, inputs);
  }
}

/** Writes a map that repeats axis order, origin and labels of the one it was made from. */
export async function saveMap(
  path: string,
  from: OpenMap,
  result: { readonly voxels: Float32Array; readonly grid?: Grid },
  what: string,
): Promise<void> {
  const labels = [`LocScale ${programVersion}: ${what}`.slice(0, 80)];
  await writeVolume(path, { grid: result.grid ?? from.grid, voxels: result.voxels, labels, template: from.header });
}
