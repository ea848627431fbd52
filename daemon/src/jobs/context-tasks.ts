import { rm } from 'node:fs/promises';
import { type Grid, LocScaleError, type Params, type Result, surfer, type VolumeId } from '@chimerax-like/rpc';
import { voxelCount } from '../engine/raw-file.js';
import type { SubtractionFacts, SubtractionSettings, VolumeSource } from '../engine/messages.js';
import type { HelperQueue } from './helper-queue.js';
import type { JobRequest } from './journal-record.js';
import { SpareFiles } from './spare-files.js';
import { describe, type VolumeRegistry } from './volume-registry.js';

/** An engine with the addon, before the voxels. */
const baseBytes = 160 * 1024 * 1024;
/** Probabilities, target, result, and the runs of the mask with its sums. */
const bytesPerVoxel = 16;

type Sources = readonly [VolumeSource, ...VolumeSource[]];
type Cleaned = Omit<Result<'context.subtract'>, 'volumes'> & Pick<SubtractionFacts, 'volumes'>;

/** What a slider for context asks for: subtraction without a network, beside the jobs. */
export class ContextTasks {
  readonly #registry: VolumeRegistry;
  readonly #helper: HelperQueue;
  readonly #spares = new SpareFiles();

  constructor(registry: VolumeRegistry, helper: HelperQueue) {
    this.#registry = registry;
    this.#helper = helper;
  }

  async subtract(params: Params<'context.subtract'>): Promise<Result<'context.subtract'>> {
    const { context, target, largestSegment: largest, threshold, smoothing, inverse } = params;
    for (const id of [context, target]) this.#registry.assertWhole(id);
    const releases = [context, target].map((id) => this.#registry.use(id));
    try {
      const shown = this.#registry.describe(target);
      const name = `${shown.name}, ${inverse ? 'context alone' : 'without context'}`;
      const settings = { threshold, smoothing, largest, inverse };
      const done = await this.#clean(context, [this.#registry.source(target)], settings, name, shown.grid);
      return { ...done, volumes: [...done.volumes] };
    } finally {
      for (const release of releases) release();
    }
  }

  /** Does the removal of a job of the recipe `surfer` once more, with another threshold; null when its maps cannot be found any more. */
  async repeat(request: JobRequest, context: VolumeId, cleaned: VolumeId, threshold: number): Promise<VolumeId | null> {
    const sources = targetOf(request);
    if (sources === null || ![context, cleaned].every((id) => this.#registry.has(id))) return null;
    const { smoothing, largestSegment: largest, inverse } = surfer.parameters.parse(request.parameters);
    const releases = [this.#registry.use(context), ...sources.map(({ path }) => this.#registry.usePath(path))];
    try {
      const { name, grid } = this.#registry.describe(cleaned);
      const settings = { threshold, smoothing, largest, inverse };
      return (await this.#clean(context, sources, settings, name, grid)).cleaned.id;
    } finally {
      for (const release of releases) release();
    }
  }

  /** Closes an earlier result, if it is one of `subtract` or `repeat`; false: it is being fetched and stays for now. */
  async retire(id: VolumeId): Promise<boolean> {
    if (!this.isLive(id)) return true;
    const bytes = 4 * voxelCount(this.#registry.describe(id).grid.shape);
    try {
      await this.#spares.put(await this.#registry.release(id), bytes);
      return true;
    } catch (error) {
      if (error instanceof LocScaleError && error.kind === 'volume.busy') return false;
      throw error;
    }
  }

  /** Whether a volume was made by a slider and not by a job, to which its outputs belong. */
  isLive(id: VolumeId): boolean {
    if (!this.#registry.has(id)) return false;
    const { source, job } = this.#registry.describe(id);
    return source === 'job' && job === null;
  }

  async #clean(
    context: VolumeId,
    target: Sources,
    settings: SubtractionSettings,
    name: string,
    shown: Grid,
  ): Promise<Cleaned> {
    const voxels = voxelCount(shown.shape);
    const { id, path } = this.#registry.reserve('raw');
    await this.#spares.take(4 * voxels, path);
    const task = {
      kind: 'subtract',
      context: this.#registry.source(context),
      target,
      settings,
      rawPath: path,
    } as const;
    try {
      const result = await this.#helper.run(task, baseBytes + bytesPerVoxel * voxels);
      if (result.kind !== 'subtract')
        throw new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
      const { grid, facts } = result;
      const source = { kind: 'raw', path, grid } as const;
      return { cleaned: this.#registry.adoptForNow(describe({ id, name, source: 'job', grid }), source), ...facts };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}

/** The map that a job of the recipe `surfer` took the context out of; of half maps both. */
function targetOf({ inputs }: JobRequest): Sources | null {
  const given = [inputs['target'] ?? inputs['map'] ?? inputs['halfMaps'] ?? []].flat();
  const [first, ...others] = given.filter((source) => source.kind !== 'model');
  return first === undefined ? null : [first, ...others];
}
