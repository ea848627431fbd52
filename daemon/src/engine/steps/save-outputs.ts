import { createHash } from 'node:crypto';
import type { Grid } from '@chimerax-like/rpc';
import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import { type MapHeader, writeVolume } from '../../volumes/index.js';
import { writeTogether } from '../../volumes/write-together.js';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';
import type { Outcome } from '../messages.js';
import { sidecarPath, sidePath } from '../output-path.js';
import { type SidecarRecord, sidecarText, type WrittenMap } from '../sidecar.js';
import { programVersion } from '../version.js';

/** One map among the outputs of a recipe. */
export interface OutputMap {
  readonly name: string;
  /** What its file name has behind the stem of the main map's: nothing for the main map, `_mask` and so on. */
  readonly suffix: string;
  /** What it is, for its label. */
  readonly title: string;
  readonly voxels: Float32Array;
}

/** A file beside the maps that is no map. */
export interface OutputDocument {
  readonly role: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface SaveInput {
  readonly outputPath: string | null;
  readonly grid: Grid;
  readonly maps: readonly OutputMap[];
  readonly documents: readonly OutputDocument[];
  readonly template: MapHeader | null;
  readonly record: SidecarRecord;
}

/**
 * Writes the maps (mode 2, with the first input's axis order, origin words and labels) and beside them the sidecar
 * `<stem>.locscale.json`. All appear or none: every file is whole on the disk before the first gets its name. Without an output
 * path nothing is written.
 */
export const saveOutputs: Step<SaveInput, Outcome['files']> = {
  name: 'saveOutputs',
  version: 2,
  run: async ({ outputPath, grid, maps, documents, template, record }, { signal, report }) => {
    if (outputPath === null) return [];
    const written: WrittenMap[] = [];
    for (const { name, suffix, voxels } of maps) {
      const path = suffix === '' ? outputPath : sidePath(outputPath, suffix);
      written.push({ role: name, path, voxelsSha256: await hashOf(voxels, signal) });
    }
    report(0.2);
    const writeMap = async (i: number, whole: () => Promise<void>): Promise<void> => {
      const [map, file] = [maps[i] as OutputMap, written[i] as WrittenMap];
      // MRC labels hold 80 characters.
      const labels = [
        `LocScale ${programVersion}: ${map.title}`.slice(0, 80),
        'Contrast changed locally, for display and model building; not for refinement',
      ].slice(0, map.suffix === '' ? 2 : 1);
      const content = { grid, voxels: map.voxels, labels, ...(template === null ? {} : { template }) };
      await writeVolume(file.path, content, signal, whole);
    };
    const sidecar = {
      role: 'sidecar',
      path: sidecarPath(outputPath),
      bytes: Buffer.from(sidecarText(written, grid, record)),
    };
    const texts = [sidecar, ...documents];
    await writeTogether([
      ...maps.map((_, i) => (whole: () => Promise<void>) => writeMap(i, whole)),
      ...texts.map(
        ({ path, bytes }) =>
          (whole: () => Promise<void>) =>
            writeText(path, bytes, whole),
      ),
    ]);
    return [...written, ...texts].map(({ role, path }) => ({ role, path }));
  },
};

const writeText = (path: string, bytes: Uint8Array, whole: () => Promise<void>): Promise<void> =>
  writeAtomically(path, bytes.length, async (file) => {
    await writeFully(file, bytes);
    await file.sync();
    await whole();
  });

/** As `locscale explain` computes it: little-endian float32 in C order (z, y, x). */
async function hashOf(voxels: Float32Array, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await inChunks(voxels.length, signal, 1, (first, end) => {
    const part = voxels.subarray(first, end);
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  });
  return hash.digest('hex');
}
