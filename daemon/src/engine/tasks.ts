import type { Params } from '@chimerax-like/rpc';
import { statistics } from '@locscale/native';
import { writeModel } from '../models/index.js';
import { importNetwork, NetworkLibrary, readCalibrator } from '../networks/index.js';
import { writeVolume } from '../volumes/index.js';
import type { Store } from '../store/index.js';
import type { TaskHooks } from './context.js';
import { evaluate } from './evaluate.js';
import { hashAhead } from './file-hash.js';
import { subtractLive } from './live-subtraction.js';
import type { ModelSource, Task, TaskResult, VolumeSource } from './messages.js';
import { writeRaw } from './raw-file.js';
import { cancellable, Runner } from './runner.js';
import { type LoadedVolume, loadVolume } from './steps/load-volume.js';
import { readModel } from './steps/read-model.js';
import { programVersion } from './version.js';

/** Does one task of any kind. Once it is cancelled it rejects with `job.cancelled`, wherever between steps that was noticed. */
export async function runTask(task: Task, hooks: TaskHooks, store: Store | null): Promise<TaskResult> {
  return cancellable(hooks.signal ?? new AbortController().signal, () => runKind(task, hooks, store));
}

async function runKind(task: Task, hooks: TaskHooks, store: Store | null): Promise<TaskResult> {
  switch (task.kind) {
    case 'recipe':
      return { kind: 'recipe', outcome: await evaluate({ ...task, store }, hooks) };
    case 'statistics': {
      const { voxels } = await load(task.source, hooks);
      return { kind: 'statistics', statistics: await statistics(voxels, hooks.signal ? { signal: hooks.signal } : {}) };
    }
    case 'hash':
      await hashAhead(task.path, hooks.signal ?? new AbortController().signal);
      return { kind: 'hash' };
    case 'materialise':
      return { kind: 'materialise', grid: await materialise(task.source, task.rawPath, hooks) };
    case 'save':
      await save(task.source, task.path, hooks);
      return { kind: 'save' };
    case 'subtract': {
      const { context, target, settings, rawPath } = task;
      return { kind: 'subtract', ...(await subtractLive(context, target, settings, rawPath, hooks)) };
    }
    case 'model':
      return lookAtModel(task.source, task.writeTo, hooks);
    case 'import-network':
      return { kind: 'import-network', name: await importFile(task.folder, task.given) };
  }
}

function load(source: VolumeSource, hooks: TaskHooks): Promise<LoadedVolume> {
  return new Runner({ reading: 1 }, hooks).run(loadVolume, { source, mayBeConstant: true }, 'reading');
}

async function materialise(source: VolumeSource, rawPath: string, hooks: TaskHooks): Promise<LoadedVolume['grid']> {
  const { grid, voxels } = await load(source, hooks);
  await writeRaw(rawPath, grid.shape, voxels, hooks.signal ?? new AbortController().signal);
  return grid;
}

async function save(source: VolumeSource, path: string, hooks: TaskHooks): Promise<void> {
  const { grid, voxels, header } = await load(source, hooks);
  await writeVolume(path, { grid, voxels, ...(header === null ? {} : { template: header }) }, hooks.signal);
}

async function lookAtModel(source: ModelSource, writeTo: string | null, hooks: TaskHooks): Promise<TaskResult> {
  const model = await new Runner({ reading: 1 }, hooks).run(readModel, source, 'reading');
  if (writeTo !== null) await writeModel(writeTo, model);
  return { kind: 'model', format: model.source.format, facts: model.facts, warnings: [...model.warnings] };
}

async function importFile(folder: string, given: Params<'network.import'>): Promise<string> {
  const { path, name, replace, licence, trainingData, calibrator } = given;
  const file = typeof calibrator === 'object' ? calibrator.path : calibrator;
  const options = { name, replace, licence, trainingData, program: programVersion };
  const manifest = await importNetwork(new NetworkLibrary(folder), path, {
    ...options,
    calibrator: file === undefined ? undefined : await readCalibrator(file),
  });
  return manifest.name;
}
