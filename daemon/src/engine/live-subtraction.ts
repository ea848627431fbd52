import { constants, open, stat } from 'node:fs/promises';
import type { Grid } from '@chimerax-like/rpc';
import { combineHalfMaps, subtractContext } from '@locscale/native';
import type { TaskHooks } from './context.js';
import type { SubtractionFacts, SubtractionSettings, VolumeSource } from './messages.js';
import { diskError } from './raw-file.js';
import { checkGrids } from './recipes/grids.js';
import { Runner } from './runner.js';
import { loadVolume } from './steps/load-volume.js';
import { contextFacts, highestOf } from './steps/subtract-context.js';

/** Voxels stay in memory this long after the last subtraction, ms: as long as somebody moves a slider. */
const keptMs = 30_000;
/** Bytes of one write: Linux takes at most 2 GiB. */
const pieceBytes = 256 * 1024 * 1024;

interface Kept {
  /** The files, their times and sizes. */
  readonly version: string;
  readonly grid: Grid;
  readonly voxels: Float32Array;
}

/** What the last subtraction was made of, and room for the next result, whose pages are there already. */
let context: (Kept & { readonly highest: number }) | null = null;
let target: Kept | null = null;
let room = new Float32Array(0);
let forgetting: NodeJS.Timeout | undefined;

/**
 * Subtracts with voxels that lie in memory already when the same volumes were asked for a moment ago; writes the result as raw voxels.
 * Memory: 12 bytes a voxel, and what the kernel needs (`subtractContext`).
 */
export async function subtractLive(
  contextSource: VolumeSource,
  targetSources: readonly [VolumeSource, ...VolumeSource[]],
  { threshold, smoothing, largest, inverse }: SubtractionSettings,
  rawPath: string,
  hooks: TaskHooks,
): Promise<{ readonly grid: Grid; readonly facts: SubtractionFacts }> {
  clearTimeout(forgetting);
  try {
    const probability = await contextOf(contextSource, hooks);
    const map = await targetOf(targetSources, hooks);
    const grid = checkGrids({ target: map.grid, context: probability.grid });
    if (room.length !== map.voxels.length) room = new Float32Array(map.voxels.length);
    const { components, contextVoxels } = await subtractContext(
      {
        probability: probability.voxels,
        target: map.voxels,
        shape: grid.shape,
        threshold,
        smoothing,
        largest,
        inverse,
      },
      { cleaned: room, ...(hooks.signal ? { signal: hooks.signal } : {}) },
    );
    await write(rawPath, room);
    return { grid, facts: contextFacts(grid, components, contextVoxels, probability.highest) };
  } finally {
    forgetting = setTimeout(forget, keptMs);
    forgetting.unref();
  }
}

function forget(): void {
  context = target = null;
  room = new Float32Array(0);
}

async function contextOf(source: VolumeSource, hooks: TaskHooks): Promise<NonNullable<typeof context>> {
  const version = await versionOf([source]);
  if (context?.version !== version) {
    context = null;
    const { grid, voxels } = await load(source, hooks);
    context = { version, grid, voxels, highest: highestOf(voxels) };
  }
  return context;
}

async function targetOf(sources: readonly [VolumeSource, ...VolumeSource[]], hooks: TaskHooks): Promise<Kept> {
  const version = await versionOf(sources);
  if (target?.version !== version) {
    target = null;
    const [first, second] = sources;
    const map = await load(first, hooks);
    const half = second === undefined ? null : await load(second, hooks);
    const voxels = half === null ? map.voxels : await combineHalfMaps(map.voxels, half.voxels);
    target = { version, grid: map.grid, voxels };
  }
  return target;
}

async function versionOf(sources: readonly VolumeSource[]): Promise<string> {
  const facts = await Promise.all(sources.map(({ path }) => stat(path).catch(() => null)));
  return sources.map(({ path }, i) => `${path} ${facts[i]?.mtimeMs ?? 0} ${facts[i]?.size ?? 0}`).join('\n');
}

function load(source: VolumeSource, hooks: TaskHooks): Promise<Pick<Kept, 'grid' | 'voxels'>> {
  return new Runner({ reading: 1 }, hooks).run(loadVolume, { source, mayBeConstant: true }, 'reading');
}

/** Not synced: what a slider makes is made again in a moment. */
async function write(path: string, voxels: Float32Array): Promise<void> {
  const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    for (let at = 0; at < bytes.length;)
      at += (await file.write(bytes, at, Math.min(pieceBytes, bytes.length - at), at)).bytesWritten;
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await file.close();
  }
}
