import { LocScaleError, type Params, type Result, type VolumeId } from '@chimerax-like/rpc';
import { voxelCount } from '../engine/raw-file.js';
import type { HelperQueue } from './helper-queue.js';
import { describe, type VolumeRegistry } from './volume-registry.js';

/** An engine with the addon, before the voxels. */
const baseBytes = 160 * 1024 * 1024;
/** Probabilities, target, result, and the runs of the mask. */
const bytesPerVoxel = 16;

/** What a slider for context asks for: subtraction without a network, beside the jobs. */
export class ContextTasks {
  readonly #registry: VolumeRegistry;
  readonly #helper: HelperQueue;

  constructor(registry: VolumeRegistry, helper: HelperQueue) {
    this.#registry = registry;
    this.#helper = helper;
  }

  async subtract(params: Params<'context.subtract'>): Promise<Result<'context.subtract'>> {
    const { context, target, replaces, largestSegment: largest, ...settings } = params;
    for (const id of [context, target]) this.#registry.assertWhole(id);
    const releases = [context, target].map((id) => this.#registry.use(id));
    try {
      const shown = this.#registry.describe(target);
      const { id, path } = this.#registry.reserve('raw');
      const task = {
        kind: 'subtract' as const,
        context: this.#registry.source(context),
        target: this.#registry.source(target),
        settings: { ...settings, largest },
        rawPath: path,
      };
      const result = await this.#helper.run(task, baseBytes + bytesPerVoxel * voxelCount(shown.grid.shape));
      if (result.kind !== 'subtract')
        throw new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
      const { grid, facts } = result;
      const name = `${shown.name}, ${settings.inverse ? 'context alone' : 'without context'}`;
      const cleaned = await this.#registry.adopt(describe({ id, name, source: 'job', grid }), {
        kind: 'raw',
        path,
        grid,
      });
      if (replaces !== undefined) await this.#forget(replaces);
      return { cleaned, ...facts, volumes: [...facts.volumes] };
    } finally {
      for (const release of releases) release();
    }
  }

  /** Closes an earlier result; one that is being fetched stays until somebody closes it. */
  async #forget(id: VolumeId): Promise<void> {
    if (!this.#registry.has(id) || this.#registry.describe(id).source !== 'job') return;
    await this.#registry.close(id).catch((error: unknown) => {
      if (!(error instanceof LocScaleError && error.kind === 'volume.busy')) throw error;
    });
  }
}
