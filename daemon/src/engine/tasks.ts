import { statistics } from '@locscale/native';
import { writeVolume } from '../volumes/index.js';
import type { TaskHooks } from './context.js';
import { evaluate } from './evaluate.js';
import type { Task, TaskResult, VolumeSource } from './messages.js';
import { RawWriter } from './raw-file.js';
import { Runner } from './runner.js';
import { type LoadedVolume, loadVolume } from './steps/load-volume.js';

/** Does one task of any kind. */
export async function runTask(task: Task, hooks: TaskHooks): Promise<TaskResult> {
  switch (task.kind) {
    case 'recipe':
      return { kind: 'recipe', outcome: await evaluate(task, hooks) };
    case 'statistics': {
      const { voxels } = await load(task.source, hooks);
      return { kind: 'statistics', statistics: await statistics(voxels, hooks.signal ? { signal: hooks.signal } : {}) };
    }
    case 'materialise':
      return { kind: 'materialise', grid: await materialise(task.source, task.rawPath, hooks) };
    case 'save':
      await save(task.source, task.path, hooks);
      return { kind: 'save' };
  }
}

function load(source: VolumeSource, hooks: TaskHooks): Promise<LoadedVolume> {
  return new Runner({ reading: 1 }, hooks).run(loadVolume, { source, mayBeConstant: true }, 'reading');
}

async function materialise(source: VolumeSource, rawPath: string, hooks: TaskHooks): Promise<LoadedVolume['grid']> {
  const { grid, voxels } = await load(source, hooks);
  const writer = await RawWriter.create(rawPath, grid.shape);
  try {
    await writer.write(voxels, 0, hooks.signal ?? new AbortController().signal);
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
  return grid;
}

async function save(source: VolumeSource, path: string, hooks: TaskHooks): Promise<void> {
  const { grid, voxels, header } = await load(source, hooks);
  await writeVolume(path, { grid, voxels, ...(header === null ? {} : { template: header }) }, hooks.signal);
}
