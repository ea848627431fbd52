import { open, stat } from 'node:fs/promises';
import { type Grid } from '@chimerax-like/rpc';
import { checkGrids } from './recipes/grids.js';
import type { TaskHooks } from './context.js';
import type { SubtractionFacts, SubtractionSettings, VolumeSource } from './messages.js';
import { Runner } from './runner.js';
import { loadVolume } from './steps/load-volume.js';
import { subtractContext } from './steps/subtract-context.js';

/** Voxels stay in memory this long after the last subtraction, ms: as long as somebody moves a slider. */
const keptMs = 30_000;

interface Kept {
  readonly version: string;
  readonly grid: Grid;
  readonly voxels: Float32Array;
}

/** The volumes of the last subtraction, by path. */
const kept = new Map<string, Kept>();
let forgetting: NodeJS.Timeout | undefined;

/** Subtracts with voxels that lie in memory already when the same volumes were asked for a moment ago; writes the result as raw voxels. */
export async function subtractLive(
  context: VolumeSource,
  target: VolumeSource,
  settings: SubtractionSettings,
  rawPath: string,
  hooks: TaskHooks,
): Promise<{ readonly grid: Grid; readonly facts: SubtractionFacts }> {
  const runner = new Runner({ reading: 1 }, hooks);
  const read = async (source: VolumeSource): Promise<Kept> => {
    const { mtimeMs, size } = await stat(source.path);
    const version = `${mtimeMs} ${size}`;
    const known = kept.get(source.path);
    if (known?.version === version) return known;
    const { grid, voxels } = await runner.run(loadVolume, { source, mayBeConstant: true }, 'reading');
    return { version, grid, voxels };
  };
  clearTimeout(forgetting);
  try {
    const [probability, map] = [await read(context), await read(target)];
    kept.clear();
    kept.set(context.path, probability).set(target.path, map);
    const grid = checkGrids({ target: map.grid, context: probability.grid });
    const { cleaned, facts } = await runner.run(
      subtractContext,
      { ...settings, context: probability.voxels, target: map.voxels, grid, withMask: false },
      'removing the context',
    );
    await writeAtOnce(rawPath, cleaned);
    return { grid, facts };
  } finally {
    forgetting = setTimeout(() => kept.clear(), keptMs);
    forgetting.unref();
  }
}

/** Not synced: what a slider makes is made again in a moment. */
async function writeAtOnce(path: string, voxels: Float32Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength));
  } finally {
    await file.close();
  }
}
