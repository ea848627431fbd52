import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { writeVolume } from '../volumes/index.js';
import { runTask } from './tasks.js';

it('a task that is cancelled between steps says so, whatever noticed it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-task-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'map.mrc');
  const n = 16;
  const voxels = Float32Array.from({ length: n ** 3 }, (_, i) => Math.sin(i));
  await writeVolume(path, { grid: { shape: [n, n, n], voxelSize: [1, 1, 1], origin: [0, 0, 0] }, voxels });
  const controller = new AbortController();
  const rawPath = join(folder, 'no-such-folder', 'map.raw');
  // The source is read; writing the raw file then fails, in a task that nobody wants any more.
  const onProgress = ({ fraction }: { readonly fraction: number }): void => {
    if (fraction === 1) controller.abort();
  };
  const cancelled = runTask(
    { kind: 'materialise', source: { kind: 'mrc', path }, rawPath },
    { signal: controller.signal, onProgress },
    null,
  );
  await expect(cancelled).rejects.toMatchObject({ kind: 'job.cancelled' });
  const failed = runTask({ kind: 'materialise', source: { kind: 'mrc', path }, rawPath }, {}, null);
  await expect(failed).rejects.toMatchObject({ code: 'ENOENT' });
});
