import { setTimeout as pause } from 'node:timers/promises';
import type { Layer, SceneMap, VolumeId } from '@chimerax-like/rpc';
import type { ContextTasks, JobService, Log } from '../jobs/index.js';
import { withVoxels } from './layers.js';
import type { Scene } from './scene.js';

/** Two results of one slider are at least this far apart, ms: viewers have to fetch and draw each. */
const betweenMs = 150;
/** So many earlier results of a slider stay, for viewers that are still on the way to fetch them. */
const keptResults = 3;
/** When the slider has rested this long, they go, ms. */
const restMs = 10_000;

export interface LiveContextParts {
  readonly scene: Scene;
  readonly contexts: ContextTasks;
  readonly jobs: JobService;
  readonly log: Log;
}

/**
 * Keeps cleaned maps on the screen in step with the threshold of their context: when a slider has moved it, the removal of the job that made
 * both is done again, and the new voxels take the place of the old ones in the scene, for all viewers at once.
 */
export class LiveContext {
  readonly #parts: LiveContextParts;
  /** Contexts that are being followed; the threshold that is asked for next, or none. */
  readonly #wanted = new Map<VolumeId, number | null>();
  readonly #earlier: VolumeId[] = [];
  #clearing: NodeJS.Timeout | undefined;

  constructor(parts: LiveContextParts) {
    this.#parts = parts;
  }

  /** A layer has got a threshold; nothing happens unless it is a context and a map was cleaned of it. */
  moved(map: SceneMap, volume: VolumeId): void {
    const layer = map.layers.find((candidate) => candidate.volume === volume);
    if (layer?.role !== 'context' || layer.threshold === null || cleanedOf(map, layer) === undefined) return;
    const follows = this.#wanted.has(volume);
    this.#wanted.set(volume, layer.threshold);
    if (!follows) void this.#follow(volume);
  }

  /** Puts a volume in the place of another one that is on the screen, if it is. */
  async replace(before: VolumeId, after: VolumeId): Promise<void> {
    const { scene, contexts } = this.#parts;
    if (scene.find(before) !== null) scene.update(before, (map) => withVoxels(map, before, after), null);
    else if (await contexts.retire(before)) return;
    this.#earlier.push(before);
    clearTimeout(this.#clearing);
    this.#clearing = setTimeout(() => void this.#keep(0).catch(() => undefined), restMs).unref();
    await this.#keep(keptResults);
  }

  /** Closes the oldest of the earlier results; those that are being fetched come again next time. */
  async #keep(most: number): Promise<void> {
    const { scene, contexts } = this.#parts;
    const old = this.#earlier.splice(0, Math.max(0, this.#earlier.length - most));
    for (const volume of old)
      if (scene.find(volume) === null && !(await contexts.retire(volume))) this.#earlier.push(volume);
  }

  async #follow(context: VolumeId): Promise<void> {
    const { scene, log } = this.#parts;
    try {
      for (let next = this.#wanted.get(context); typeof next === 'number'; next = this.#wanted.get(context)) {
        this.#wanted.set(context, null);
        const map = scene.find(context);
        const layer = map?.layers.find(({ volume }) => volume === context);
        if (map === null || layer === undefined) return;
        const rest = pause(betweenMs);
        await this.#clean(map, layer, next);
        await rest;
      }
    } catch (error) {
      log('warn', 'context.follow', { context, error: String(error) });
    } finally {
      this.#wanted.delete(context);
    }
  }

  async #clean(map: SceneMap, context: Layer, threshold: number): Promise<void> {
    const cleaned = cleanedOf(map, context);
    if (cleaned === undefined || context.job === null) return;
    const { contexts, jobs } = this.#parts;
    const made = await contexts.repeat(jobs.requestOf(context.job), context.volume, cleaned.volume, threshold);
    if (made !== null) await this.replace(cleaned.volume, made);
  }
}

/** The layer that the job which found the context cleaned of it. */
function cleanedOf({ layers }: SceneMap, { job }: Layer): Layer | undefined {
  return job === null ? undefined : layers.find((layer) => layer.name === 'cleaned' && layer.job === job);
}
