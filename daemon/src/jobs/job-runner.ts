import { readdir, realpath, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Grid, LocScaleError, type ModelId, recipes } from '@chimerax-like/rpc';
import type { Slab } from '../engine/messages.js';
import { engineRecipe } from '../engine/recipes/index.js';
import { toWireError } from '../engine/wire-error.js';
import { isTemporaryOf } from '../volumes/temporary-file.js';
import type { EngineSlot } from './engine-pool.js';
import { outputCollector } from './job-log.js';
import type { GrowingOutput, JobEntry } from './job-entry.js';
import type { JobEvent } from './job-events.js';
import type { JobTable } from './job-table.js';
import type { ModelRegistry } from './model-registry.js';
import { ProgressClock } from './progress-clock.js';
import { usedNetwork } from './used-network.js';
import { describe, type VolumeRegistry } from './volume-registry.js';

export interface RunnerParts {
  readonly table: JobTable;
  readonly registry: VolumeRegistry;
  readonly models: ModelRegistry;
  readonly engine: EngineSlot;
  readonly publish: (event: JobEvent) => void;
  readonly logFolder: string;
}

/** Where a model that a job may make will lie. */
type Reserved = ReturnType<ModelRegistry['reserve']>;

/** Takes one admitted job through the engine to its end; never throws. */
export async function runJob(entry: JobEntry, grid: Grid, parts: RunnerParts): Promise<void> {
  const { table, registry, models, engine } = parts;
  const { request, controller } = entry;
  const { id } = entry.job;
  const growing = new Map<string, GrowingOutput>();
  const reserved = new Map<string, Reserved>();
  let ended = false;
  try {
    await table.change(entry, { state: 'running' });
    const names = engineRecipe(request.recipe).outputs(request.inputs, request.parameters);
    for (const name of names) growing.set(name, announce(entry, name, grid, registry));
    for (const name of Object.keys(recipes[request.recipe]?.models ?? {})) reserved.set(name, models.reserve());
    entry.clock = new ProgressClock((progress) => parts.publish({ kind: 'progress', job: id, progress }));
    const onSlab = ({ output, sections, columns }: Slab): void => {
      const volume = growing.get(output)?.volume;
      if (volume === undefined) return;
      const part = { job: id, output, volume };
      if (columns === undefined) return parts.publish({ kind: 'slab', ...part, sections });
      parts.publish({ kind: 'block', ...part, region: [sections, [0, grid.shape[1]], columns] });
    };
    const rawOutputs = Object.fromEntries([...growing].map(([name, { path }]) => [name, path]));
    const modelOutputs = Object.fromEntries([...reserved].map(([name, { path }]) => [name, path]));
    const { recipe, inputs, parameters, outputPath } = request;
    const result = await engine.run(
      { kind: 'recipe', recipe, inputs, parameters, outputPath, rawOutputs, modelOutputs },
      { signal: controller.signal, onProgress: (progress) => entry.clock?.hear(progress), onSlab },
      outputCollector(parts.logFolder, id),
    );
    if (result.kind !== 'recipe')
      throw new LocScaleError('rpc.internal', 'The engine answered another task; report this.');
    const { outputs, files, timings, warnings, provenance } = result.outcome;
    for (const [name, outputGrid] of Object.entries(outputs)) await keep(growing.get(name), outputGrid, registry);
    const made: Record<string, ModelId> = {};
    for (const [name, facts] of Object.entries(result.outcome.models)) {
      const place = reserved.get(name);
      if (place === undefined) continue;
      await models.adoptResult(place.id, place.path, { name: `${name} of ${id}`, facts, job: id });
      made[name] = place.id;
    }
    const volumes = Object.fromEntries([...growing].map(([name, { volume }]) => [name, volume]));
    ended = true;
    const network = usedNetwork(provenance);
    await table.change(entry, { state: 'done', outputs: volumes, models: made, files, network, timings, warnings });
  } catch (error) {
    for (const { volume } of growing.values()) await registry.withdraw(volume);
    for (const { id: model, path } of reserved.values()) await models.withdraw(model, path);
    if (request.outputPath !== null) await removeTemporaries(request.outputPath, engine.pid);
    const cancelled = error instanceof LocScaleError && error.kind === 'job.cancelled';
    if (!ended) await table.change(entry, { state: cancelled ? 'cancelled' : 'failed', error: toWireError(error) });
  } finally {
    for (const { release } of growing.values()) release();
  }
}

/** Registers an output volume before its first voxel, so that clients can fetch finished slabs. */
function announce(entry: JobEntry, name: string, grid: Grid, registry: VolumeRegistry): GrowingOutput {
  const { id, path } = registry.reserve('raw');
  const description = describe({ id, name: `${name} of ${entry.job.id}`, source: 'job', job: entry.job.id, grid });
  return { volume: id, path, release: registry.announce(description, { kind: 'raw', path, grid }) };
}

async function keep(output: GrowingOutput | undefined, grid: Grid, registry: VolumeRegistry): Promise<void> {
  if (output === undefined) return;
  const description = { ...registry.describe(output.volume), grid };
  await registry.persist(description, { kind: 'raw', path: output.path, grid });
}

/** Removes what a killed engine left half written beside the output, or beside the file that a link in its place stands for. */
export async function removeTemporaries(outputPath: string, pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const target = await realpath(outputPath).catch(() => outputPath);
  for (const folder of new Set([dirname(outputPath), dirname(target)]))
    for (const name of await readdir(folder).catch(() => []))
      if (isTemporaryOf(name, pid)) await rm(join(folder, name), { force: true });
}
