import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotificationParams } from '@chimerax-like/rpc';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Workplace } from '../cli/locscale.js';
import { scratchFolder, testDaemon, type TestDaemon } from '../daemon/helpers/daemon.js';
import { EntryServer } from './entry-server.js';
import { addEntry } from './maps.js';

async function archive(): Promise<{ readonly server: EntryServer; readonly base: string }> {
  const server = new EntryServer();
  const base = await server.start();
  onTestFinished(() => server.stop());
  await addEntry(server, '1234', 16);
  return { server, base };
}

async function daemonWith(base: string): Promise<TestDaemon> {
  const home = await scratchFolder();
  return testDaemon({ home, env: { LOCSCALE_HOME: home, LOCSCALE_EMDB: base } });
}

describe('emdb.fetch', () => {
  it('opens map and half maps, tells of progress, and gives the same volumes again', async () => {
    const { server, base } = await archive();
    const daemon = await daemonWith(base);
    const heard: NotificationParams<'emdb.progress'>[] = [];
    daemon.client.on('emdb.progress', (progress) => void heard.push(progress));
    expect(await daemon.client.call('volume.list')).toEqual([]);
    expect(server.requests).toEqual([]);
    const calls = ['emdb:1234', 'EMD-1234'].map((entry) => daemon.client.call('emdb.fetch', { entry }));
    const [one, two] = await Promise.all(calls);
    expect(one).toMatchObject({
      entry: 'EMD-1234',
      map: { name: 'emd_1234.map.gz', grid: { shape: [16, 16, 16] }, source: 'file' },
      halfMaps: [{ name: 'emd_1234_half_map_1.map.gz' }, { name: 'emd_1234_half_map_2.map.gz' }],
      contourLevel: 0.5,
      warnings: [],
    });
    expect(two).toEqual(one);
    expect(server.requests.filter((request) => request === 'GET emd_1234.map.gz').length).toBe(1);
    expect(heard.at(-1)).toMatchObject({ entry: 'EMD-1234', file: 'emd_1234_half_map_2.map.gz' });
    expect(heard.every(({ receivedBytes, totalBytes }) => receivedBytes <= totalBytes)).toBe(true);
    // What was fetched belongs to the daemon: no output may take its place.
    const volume = one?.map?.id ?? '';
    const path = one?.map?.path ?? '';
    await expect(daemon.client.call('volume.save', { volume, path: `${path}.mrc` })).rejects.toMatchObject({
      kind: 'access.path',
    });
  });

  it('stops for all who wait, and says what is wrong with an entry', async () => {
    const { server, base } = await archive();
    const { client } = await daemonWith(base);
    server.habits.pauseMs = 20;
    const fetched = client.call('emdb.fetch', { entry: '1234' });
    fetched.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await client.call('emdb.stop', { entry: 'EMD-1234' })).toEqual({ stopped: true });
    await expect(fetched).rejects.toMatchObject({ kind: 'job.cancelled' });
    expect(await client.call('emdb.stop', { entry: 'EMD-1234' })).toEqual({ stopped: false });
    await expect(client.call('emdb.fetch', { entry: 'EMD-12' })).rejects.toMatchObject({ kind: 'input.parameter' });
    await expect(client.call('emdb.fetch', { entry: '4321' })).rejects.toMatchObject({ kind: 'input.missing' });
  });
});

describe('locscale fetch', () => {
  it('puts the files of an entry into a folder, without a daemon', async () => {
    const { base } = await archive();
    const workplace = await Workplace.create();
    onTestFinished(() => workplace.close());
    const run = (...args: string[]) =>
      workplace.start(process.execPath, [workplace.program, 'fetch', ...args], { LOCSCALE_EMDB: base }).finished;
    const { code, out, error } = await run('emdb:1234', '-o', 'entry');
    expect([code, error]).toEqual([0, expect.stringContaining('Contour level recommended for the map: 0.5')]);
    const names = ['emd_1234.map.gz', 'emd_1234_half_map_1.map.gz', 'emd_1234_half_map_2.map.gz'];
    expect(out.trim().split('\n')).toEqual(names.map((name) => workplace.path(join('entry', name))));
    for (const path of out.trim().split('\n')) expect((await stat(path)).size).toBeGreaterThan(1024);
    const unknown = await run('emdb:9999');
    expect([unknown.code, unknown.error]).toEqual([3, expect.stringContaining('check the number of the entry')]);
  });
});
