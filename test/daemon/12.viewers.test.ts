import { join } from 'node:path';
import type { NotificationParams, RpcClient, SceneMap } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { kindOf, reach, scratchFolder, testDaemon } from './helpers/daemon.js';
import { blob, grid, quick, upload, uploadInputs } from './helpers/maps.js';
import { until } from './helpers/processes.js';

type Changed = NotificationParams<'viewer.changed'>;

/** What a client is told of the scene. */
function listen(client: RpcClient): Changed[] {
  const heard: Changed[] = [];
  client.on('viewer.changed', (params) => heard.push(params));
  return heard;
}

const named = (map: SceneMap | undefined, name: string) => map?.layers.find((layer) => layer.name === name);

describe('two viewers and a script', () => {
  it('see the same scene, and who changed it', async () => {
    const daemon = await testDaemon();
    const [tab, other] = [daemon.client, await daemon.connect()];
    const heard = listen(other);
    const { viewer } = await tab.call('viewer.attach', { kind: 'molstar', name: 'tab 1' });
    const { scene } = await other.call('viewer.attach', { kind: 'chimerax' });
    expect(scene).toEqual({ revision: 0, maps: [] });
    const volume = await upload(daemon, blob(8, 1), grid(8));
    await tab.call('viewer.add', { volume, name: 'my map' });
    await tab.call('viewer.level', { volume, level: { kind: 'sigma', value: 2.5 } });
    await tab.call('viewer.level', { volume, level: { kind: 'sigma', value: 2.5 } });
    await other.call('viewer.get');
    const changes = heard.filter(({ maps }) => maps.length > 0);
    expect(changes.map((change) => [change.revision, change.viewer])).toEqual([
      [1, viewer.id],
      [2, viewer.id],
    ]);
    expect(named(changes[1]?.maps[0], 'original')?.level).toEqual({ kind: 'sigma', value: 2.5 });
    expect((await other.call('viewer.list')).map(({ name }) => name)).toEqual(['tab 1', 'chimerax']);
    tab.close();
    await until(() => heard.some(({ viewers }) => viewers?.length === 1), 5000);
    expect((await other.call('viewer.get')).maps).toEqual([heard.findLast(({ maps }) => maps.length > 0)?.maps[0]]);
  });

  it('attach once for a connection, and again after leaving', async () => {
    const { client } = await testDaemon();
    const { viewer } = await client.call('viewer.attach', { kind: 'script' });
    expect(await kindOf(client.call('viewer.attach', { kind: 'script' }))).toBe('input.parameter');
    await client.call('viewer.detach', { viewer: viewer.id });
    expect(await kindOf(client.call('viewer.detach', { viewer: viewer.id }))).toBe('viewer.unknown');
    await client.call('viewer.attach', { kind: 'script' });
  });

  it('get the outputs of a job as layers when an input is on the screen, and not otherwise', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const heard = listen(client);
    const inputs = await uploadInputs(daemon, 16);
    const unseen = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(client, unseen.id, 'done');
    expect(heard).toEqual([]);
    expect(await kindOf(client.call('viewer.addJob', { job: unseen.id }))).toBe('viewer.not-shown');

    await client.call('viewer.add', { volume: inputs.map });
    const seen = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    const done = await reach(client, seen.id, 'done');
    const map = (await client.call('viewer.get')).maps[0];
    expect(map).toMatchObject({ id: inputs.map, active: 'sharpened' });
    expect(named(map, 'sharpened')).toMatchObject({ role: 'result', volume: done.outputs['sharpened'], visible: true });
    expect(heard.at(-1)).toMatchObject({ viewer: null, maps: [map] });

    const added = await client.call('viewer.addJob', { job: unseen.id, of: inputs.map });
    expect(named(added, 'sharpened')?.job).toBe(unseen.id);
  });

  it('colour by values from their minimum to their maximum unless a range is said', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const [volume, by] = [await upload(daemon, blob(8, 1), grid(8)), await upload(daemon, blob(8, 2), grid(8))];
    expect(await kindOf(client.call('viewer.colour', { volume, by }))).toBe('viewer.not-shown');
    await client.call('viewer.add', { volume });
    const { min, max } = await client.call('volume.statistics', { volume: by });
    const colour = async (params: object) =>
      named(await client.call('viewer.colour', { volume, ...params }), 'original')?.colour;
    expect(await colour({ by })).toEqual({ by, plain: null, palette: 'viridis', range: [min, max] });
    expect(await colour({ by, palette: 'turbo', range: [0, 5] })).toMatchObject({ palette: 'turbo', range: [0, 5] });
    expect(await colour({ plain: '#112233' })).toMatchObject({ by: null, plain: '#112233' });
    expect(await colour({})).toBeNull();
    await client.call('viewer.add', { volume: by, of: volume, role: 'confidence' });
    expect(await colour({ by })).toMatchObject({ palette: 'confidence', range: [-100, 100] });
    await client.call('volume.close', { volume: by });
    const [map] = (await client.call('viewer.get')).maps;
    expect(map?.layers.map(({ name, colour: left }) => [name, left])).toEqual([['original', null]]);
  });

  it('find the scene again after the daemon was restarted, map files under their old ids', async () => {
    const home = await scratchFolder();
    const before = await testDaemon({ home });
    const inputs = await uploadInputs(before, 16);
    const path = join(home, 'mine.mrc');
    await before.client.call('volume.save', { volume: inputs.map, path });
    const { id: file } = await before.client.call('volume.open', { path });
    await before.client.call('viewer.add', { volume: inputs.map });
    await before.client.call('viewer.add', { volume: file });
    await before.client.call('viewer.level', { volume: file, level: { kind: 'sigma', value: 3 } });
    const { id: gone } = await before.client.call('volume.open', { path });
    await before.client.call('viewer.colour', { volume: file, by: gone, range: [0, 1] });
    const scene = await before.client.call('viewer.get');
    await before.daemon.stop(0);

    const after = await testDaemon({ home });
    expect(await after.client.call('viewer.get')).toEqual(scene);
    expect(await after.client.call('volume.describe', { volume: file })).toMatchObject({ path, source: 'file' });
    expect(await after.client.call('viewer.list')).toEqual([]);
  });
});
