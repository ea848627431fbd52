import { readFile } from 'node:fs/promises';
import { type Scene as SceneState, sceneSchema, type VolumeId, volumeIdSchema } from '@chimerax-like/rpc';
import { z } from 'zod';
import type { VolumeRegistry } from '../jobs/index.js';
import { writeAtomically, writeFully } from '../volumes/atomic-file.js';
import { withoutVolume } from './layers.js';

/** The scene on the disk; map files of the user are named by path, for their ids live in memory only. */
const fileSchema = z.object({ scene: sceneSchema, files: z.record(volumeIdSchema, z.string()) });

/** Writing is put off this long, so that a slider costs one write and not hundreds, ms. */
const delayMs = 500;

/** Keeps the scene across starts of the daemon. */
export class SceneFile {
  readonly #path: string;
  readonly #registry: VolumeRegistry;
  #timer: NodeJS.Timeout | undefined;
  #pending: (() => SceneState) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, registry: VolumeRegistry) {
    this.#path = path;
    this.#registry = registry;
  }

  /** The scene of the daemon before, as far as its volumes can be found again; their ids are the same. */
  async restore(): Promise<SceneState | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => null);
    const parsed = fileSchema.safeParse(text === null ? null : parse(text));
    if (!parsed.success) return undefined;
    const { scene, files } = parsed.data;
    for (const [id, path] of Object.entries(files)) await this.#registry.reopen(id, path).catch(() => undefined);
    const maps = scene.maps.flatMap((map) => {
      let rest = map;
      for (const volume of new Set(map.layers.flatMap((layer) => [layer.volume, layer.colour?.by ?? layer.volume])))
        if (!this.#registry.has(volume)) rest = withoutVolume(rest, volume);
      return this.#registry.has(map.id) ? [rest] : [];
    });
    return { revision: scene.revision, maps };
  }

  /** Has the scene written soon. */
  changed(scene: () => SceneState): void {
    this.#pending = scene;
    this.#timer ??= setTimeout(() => void this.flush(), delayMs).unref();
  }

  /** Writes what is still to be written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const scene = this.#pending?.();
    this.#pending = null;
    // A scene that cannot be written (disk full) is a loss at the next start only.
    if (scene !== undefined) this.#writing = this.#writing.then(() => this.#write(scene)).catch(() => undefined);
    return this.#writing;
  }

  async #write(scene: SceneState): Promise<void> {
    const files: Record<VolumeId, string> = {};
    for (const volume of scene.maps.flatMap(({ layers }) =>
      layers.flatMap((l) => [l.volume, l.colour?.by ?? l.volume]),
    )) {
      if (!this.#registry.has(volume)) continue;
      const { source, path } = this.#registry.describe(volume);
      if (source === 'file' && path !== null) files[volume] = path;
    }
    const bytes = Buffer.from(JSON.stringify({ scene, files } satisfies z.infer<typeof fileSchema>));
    await writeAtomically(this.#path, bytes.length, (file) => writeFully(file, bytes));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
