import { createHash } from 'node:crypto';
import type { Grid } from '@chimerax-like/rpc';
import { writeAtomically, writeFully } from '../../volumes/atomic-file.js';
import { type MapHeader, writeVolume } from '../../volumes/index.js';
import { writeTogether } from '../../volumes/write-together.js';
import { inChunks } from '../chunks.js';
import type { Step } from '../context.js';
import type { Outcome } from '../messages.js';
import { sidecarPath, sidePath } from '../output-path.js';
import { claimOf, type SidecarRecord, sidecarText, type WrittenMap } from '../sidecar.js';
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
    const claim = claimOf(record);
    const paths = maps.map(({ suffix }) => (suffix === '' ? outputPath : sidePath(outputPath, suffix)));
    // One map after the other, so that the disk has work from the first on.
    let last: Promise<unknown> = Promise.resolve();
    const hashes = maps.map(({ voxels }) => {
      const hash = last.then(() => hashOf(voxels, signal));
      last = hash;
      return hash;
    });
    const writeMap = async (i: number, whole: () => Promise<void>): Promise<void> => {
      const [map, path] = [maps[i] as OutputMap, paths[i] as string];
      // MRC labels hold 80 characters.
      const labels = [`LocScale ${programVersion}: ${map.title}`.slice(0, 80), claim].slice(
        0,
        map.suffix === '' ? 2 : 1,
      );
      const content = { grid, voxels: map.voxels, labels, ...(template === null ? {} : { template }) };
      await hashes[i];
      await writeVolume(path, content, signal, whole);
    };
    const writeSidecar = async (whole: () => Promise<void>): Promise<void> => {
      const sums = await Promise.all(hashes);
      const written = maps.map(({ name }, i): WrittenMap => ({
        role: name,
        path: paths[i] as string,
        voxelsSha256: sums[i] as string,
      }));
      await writeText(sidecarPath(outputPath), Buffer.from(sidecarText(written, grid, record)), whole);
    };
    report(0.2);
    await writeTogether([
      ...maps.map((_, i) => (whole: () => Promise<void>) => writeMap(i, whole)),
      writeSidecar,
      ...documents.map(
        ({ path, bytes }) =>
          (whole: () => Promise<void>) =>
            writeText(path, bytes, whole),
      ),
    ]);
    return [
      ...maps.map(({ name }, i) => ({ role: name, path: paths[i] as string })),
      { role: 'sidecar', path: sidecarPath(outputPath) },
      ...documents.map(({ role, path }) => ({ role, path })),
    ];
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
