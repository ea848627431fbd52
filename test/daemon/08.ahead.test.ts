import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EngineSlot } from '../../daemon/dist/jobs/engine-pool.js';
import { WorkersFile } from '../../daemon/dist/jobs/workers-file.js';
import { writeVolume } from '../../daemon/dist/volumes/index.js';

it('what an engine does ahead ends when a task comes that somebody waits for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-engine-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'map.mrc');
  const voxels = Float32Array.from({ length: 8 ** 3 }, (_, i) => i);
  await writeVolume(path, { grid: { shape: [8, 8, 8], voxelSize: [1, 1, 1], origin: [0, 0, 0] }, voxels });
  const fresh = join(folder, 'fresh.mrc');
  const engine = new EngineSlot({
    workers: new WorkersFile(join(folder, 'workers.json')),
    log: () => undefined,
    watchdogMs: 60_000,
    storeFolder: join(folder, 'store'),
    niceness: 0,
  });
  onTestFinished(() => engine.stop());
  await engine.info();
  // A file that was written this moment is looked at only after 2.5 s.
  await writeFile(fresh, 'x');
  const started = performance.now();
  const ahead = engine.ahead({ kind: 'hash', path: fresh }).then(() => performance.now() - started);
  const result = await engine.run({ kind: 'statistics', source: { kind: 'mrc', path } }, {}, () => undefined);
  expect(result).toMatchObject({ kind: 'statistics', statistics: { min: 0, max: 511 } });
  expect(await ahead).toBeLessThan(2000);
  // Nothing is done ahead while the engine is wanted, and afterwards it is again.
  const running = engine.run({ kind: 'statistics', source: { kind: 'mrc', path } }, {}, () => undefined);
  await engine.ahead({ kind: 'hash', path: fresh });
  await running;
  await engine.ahead({ kind: 'hash', path });
});
