import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { VolumeId } from '@chimerax-like/rpc';
import type { Workshop } from '../../jobs/index.js';
import type { LayerFile } from './bridge.js';

/** Files that were written for ChimeraX are removed at a start this long after, as the volumes themselves are. */
const keptMs = 7 * 24 * 3600_000;

/**
 * Volumes as files that ChimeraX can open: the user's own where there is one, else a map written by us. Its name is that of
 * the volume and never used again, because ChimeraX shows old voxels for a path that it has open.
 */
export class LayerFiles {
  readonly #folder: string;
  readonly #workshop: Pick<Workshop, 'registry' | 'tasks'>;
  readonly #written = new Map<VolumeId, Promise<LayerFile>>();

  constructor(folder: string, workshop: Pick<Workshop, 'registry' | 'tasks'>) {
    this.#folder = folder;
    this.#workshop = workshop;
  }

  /** `copy`: a file of ours in any case, because ChimeraX cannot be told the name of the user's. */
  find(volume: VolumeId, copy: boolean): Promise<LayerFile> {
    const { source, path, grid } = this.#workshop.registry.describe(volume);
    if (!copy && source === 'file' && path !== null && /\.(mrc|map|ccp4)$/i.test(path))
      return Promise.resolve({ path, origin: grid.origin });
    let file = this.#written.get(volume);
    if (file === undefined) {
      file = this.#write(volume);
      this.#written.set(volume, file);
      // Another try writes it again.
      file.catch(() => this.#written.delete(volume));
    }
    return file;
  }

  async #write(volume: VolumeId): Promise<LayerFile> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${volume}.mrc`);
    const there = await stat(path).catch(() => null);
    if (there === null) await this.#workshop.tasks.save(volume, path, []);
    return { path, origin: null };
  }
}

export async function removeOldFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > keptMs) await rm(path, { force: true });
  }
}
