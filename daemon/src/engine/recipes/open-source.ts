import type { Grid, Warning } from '@chimerax-like/rpc';
import { keyOf } from '../../store/index.js';
import { type MapHeader, readHeader } from '../../volumes/index.js';
import type { Step } from '../context.js';
import { assertUnchanged, type HashedFile, hashFile } from '../file-hash.js';
import type { Graph, Value } from '../graph.js';
import type { VolumeSource } from '../messages.js';
import { checkVoxels } from '../steps/check-voxels.js';
import { loadVolume } from '../steps/load-volume.js';

/** An input of a recipe: what its header says is known, its voxels are read when a step needs them. */
export interface OpenedSource {
  /** What messages call it, e.g. `half map 1`. */
  readonly name: string;
  readonly source: VolumeSource;
  readonly grid: Grid;
  /** Whose axis order, start words and labels an output repeats; null for raw voxels. */
  readonly header: MapHeader | null;
  readonly file: HashedFile;
  /** C order (z, y, x). */
  readonly voxels: Value<Float32Array>;
}

interface Examined {
  readonly header: MapHeader | null;
  readonly grid: Grid;
  readonly file: HashedFile;
}

/** Header and hash of a file: all that is needed to know whether results of it are there already. */
const examineSource: Step<VolumeSource, Examined> = {
  name: 'examineSource',
  version: 1,
  run: async (source, { signal }) => {
    const header = source.kind === 'mrc' ? await readHeader(source.path, source.name) : null;
    const grid = source.kind === 'mrc' ? (header as MapHeader).grid : source.grid;
    return { header, grid, file: await hashFile(source.path, signal) };
  },
};

/** `mayBeConstant`: a mask may have the same value everywhere, a map may not. */
export async function openSource(
  graph: Graph,
  name: string,
  source: VolumeSource,
  mayBeConstant = false,
): Promise<OpenedSource> {
  const { header, grid, file } = await graph.run(examineSource, source, { label: 'looking at the inputs', weight: 2 });
  header?.warnings.forEach((warning: Warning) => graph.warn(warning));
  const place = { label: `reading the ${name}`, weight: 10 };
  const load = async (): Promise<Float32Array> => {
    const { voxels } = await graph.run(loadVolume, { source, mayBeConstant }, { ...place, weight: 0 });
    // Reading a map file has checked its voxels on the way; raw ones come unseen from an upload.
    if (source.kind === 'raw') await graph.run(checkVoxels, { name, voxels, mayBeConstant }, { ...place, weight: 0 });
    await assertUnchanged(file);
    return voxels;
  };
  // The same bytes mean the same voxels only with the same shape, which a raw file does not hold itself.
  const key = keyOf({ volume: file.sha256, kind: source.kind, shape: grid.shape });
  return { name, source, grid, header, file, voxels: graph.source(name, key, load, place) };
}
