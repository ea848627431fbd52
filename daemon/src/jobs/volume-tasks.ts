import { type Grid, LocScaleError, type Statistics, type VolumeId } from '@chimerax-like/rpc';
import type { Task, TaskResult, VolumeSource } from '../engine/messages.js';
import { checkOutputPath } from '../engine/output-path.js';
import { voxelCount } from '../engine/raw-file.js';
import { plural } from '../volumes/index.js';
import type { HelperQueue } from './helper-queue.js';
import type { VolumeRegistry } from './volume-registry.js';

/** An engine with the addon and the pieces in which files are read, before the voxels. */
const baseBytes = 160 * 1024 * 1024;

/** Everything that needs the voxels of a volume but is no job. */
export class VolumeTasks {
  readonly #registry: VolumeRegistry;
  readonly #helper: HelperQueue;

  constructor(registry: VolumeRegistry, helper: HelperQueue) {
    this.#registry = registry;
    this.#helper = helper;
  }

  /** Statistics of a volume, computed once. */
  async statistics(id: VolumeId): Promise<Statistics> {
    this.#registry.assertWhole(id);
    const known = this.#registry.describe(id);
    if (known.statistics !== null) return known.statistics;
    const result = await this.#run(id, { kind: 'statistics', source: this.#registry.source(id) });
    if (result.kind !== 'statistics') throw wrongAnswer();
    const { nonFinite, ...statistics } = result.statistics;
    if (nonFinite > 0)
      throw new LocScaleError(
        'input.voxels',
        `The volume ${id} has ${plural(nonFinite, 'voxel that is not a finite number', 'voxels that are not finite numbers')}, so it has no statistics; repair it.`,
      );
    this.#registry.setStatistics(id, statistics);
    return statistics;
  }

  /** Writes a volume as a map file; `protectedPaths` are never replaced. */
  async save(id: VolumeId, path: string, protectedPaths: readonly string[]): Promise<void> {
    this.#registry.assertWhole(id);
    const source = this.#registry.source(id);
    await checkOutputPath(path, [source.path, ...this.#registry.paths(), ...protectedPaths]);
    await this.#run(id, { kind: 'save', source, path });
  }

  /** Path of the raw voxels of a volume, made on first use. */
  raw(id: VolumeId): Promise<string> {
    const make = async (source: VolumeSource, rawPath: string): Promise<Grid> => {
      const result = await this.#run(id, { kind: 'materialise', source, rawPath });
      if (result.kind !== 'materialise') throw wrongAnswer();
      return result.grid;
    };
    return this.#registry.raw(id, make);
  }

  #run(id: VolumeId, task: Task): Promise<TaskResult> {
    const release = this.#registry.use(id);
    const bytes = baseBytes + 4 * voxelCount(this.#registry.describe(id).grid.shape);
    return this.#helper.run(task, bytes).finally(release);
  }
}

function wrongAnswer(): LocScaleError {
  return new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
}
