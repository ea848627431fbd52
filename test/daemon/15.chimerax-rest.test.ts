import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RpcClient, Viewer } from '@chimerax-like/rpc';
import { describe, expect, it, vi } from 'vitest';
import { FakeChimeraX, type FakeOptions } from './helpers/chimerax.js';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { blob, grid, quick, upload, uploadInputs } from './helpers/maps.js';

/** Waits for what ChimeraX or the daemon do by themselves; the first file needs an engine, which has to start. */
const soon = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

const rest = { timeoutMs: 400, retryMs: 20 };

interface Stage extends TestDaemon {
  readonly chimerax: FakeChimeraX;
  readonly viewer: Viewer;
  /** A map of 8³ voxels on the screen. */
  readonly volume: string;
}

/** A daemon with a map on the screen, and ChimeraX showing it. */
async function stage(options: FakeOptions = {}): Promise<Stage> {
  const daemon = await testDaemon({ rest });
  const chimerax = await FakeChimeraX.start(options);
  const volume = await upload(daemon, blob(8, 1), grid(8));
  await daemon.client.call('viewer.add', { volume, name: 'my "map"' });
  const { viewer } = await daemon.client.call('viewer.attach', { kind: 'chimerax-rest', url: chimerax.url });
  await daemon.client.call('viewer.level', { volume, level: { kind: 'sigma', value: 1 } });
  await soon(() => expect(chimerax.models[0]?.level).toBe('sdLevel 1'));
  return { ...daemon, chimerax, viewer, volume };
}

const attach = (client: RpcClient, url: string, anyHost = false): Promise<unknown> =>
  client.call('viewer.attach', { kind: 'chimerax-rest', url, anyHost });

describe('ChimeraX without the bundle', () => {
  it('opens what is on the screen from files that never change, and follows', async () => {
    const { chimerax, client, volume, home, viewer } = await stage();
    expect(viewer).toMatchObject({ kind: 'chimerax-rest', bundle: false, problem: null });
    const [model] = chimerax.models;
    expect(model).toMatchObject({ name: 'my map original', path: join(home, 'views', `${volume}.mrc`) });
    expect((await stat(model?.path ?? '')).size).toBe(1024 + 8 ** 3 * 4);
    await client.call('viewer.level', { volume, level: { kind: 'sigma', value: 2.5 } });
    await client.call('viewer.show', { volume, opacity: 0.25 });
    await soon(() => expect(model).toMatchObject({ level: 'sdLevel 2.5', transparency: '75' }));
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 0.012345678 } });
    await client.call('viewer.colour', { volume, plain: '#102030' });
    await soon(() => expect(model).toMatchObject({ level: 'level 0.0123457', colour: '#102030' }));
    await client.call('viewer.show', { volume, visible: false });
    await soon(() => expect(model?.visible).toBe(false));
    await client.call('viewer.remove', { volume });
    await soon(() => expect(chimerax.models).toEqual([]));
    expect(chimerax.most).toBe(1);
  });

  it('gets a result in place of the original, at the level that encloses as much, and back', async () => {
    const daemon = await testDaemon({ rest });
    const { client } = daemon;
    const chimerax = await FakeChimeraX.start();
    const inputs = await uploadInputs(daemon, 16);
    await client.call('viewer.add', { volume: inputs.map, name: 'emd' });
    await attach(client, chimerax.url);
    await soon(() => expect(chimerax.models).toHaveLength(1));
    const job = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(client, job.id, 'done');
    await soon(() => expect(chimerax.named('emd sharpened')).toMatchObject({ level: 'encloseVolume 12346' }));
    await soon(() => expect(chimerax.named('emd original')?.visible).toBe(false));
    await client.call('viewer.toggle', { volume: inputs.map, what: 'original' });
    await soon(() =>
      expect(chimerax.models.map(({ name, visible }) => [name, visible])).toEqual([
        ['emd original', true],
        ['emd sharpened', false],
      ]),
    );
    expect(chimerax.sent('open')).toHaveLength(2);
  });

  it('colours by another map, which is opened first and stays open and hidden', async () => {
    const { chimerax, client, volume, ...daemon } = await stage();
    const by = await upload(daemon, blob(8, 2), grid(8));
    await client.call('viewer.add', { volume: by, of: volume, role: 'confidence' });
    await client.call('viewer.toggle', { volume, what: 'confidence' });
    const palette = '-95,#0000ff:-80,#00ffff:0,#00ff00:80,#ffff00:95,#ff0000';
    await soon(() => expect(chimerax.models[0]?.colour).toBe(`by #2 ${palette}`));
    // Without a frame in between there was no surface to colour.
    expect(chimerax.sent('wait')).toHaveLength(1);
    expect(chimerax.named('my map confidence')?.visible).toBe(false);
    await client.call('viewer.toggle', { volume, what: 'confidence' });
    await soon(() => expect(chimerax.models[0]?.colour).toBe('#b2b2b2'));
    expect((await client.call('viewer.list'))[0]?.problem).toBeNull();
  });

  it('shows a context at its threshold', async () => {
    const { chimerax, client, volume, ...daemon } = await stage({ drawsAtOnce: true });
    const context = await upload(daemon, blob(8, 2), grid(8));
    await client.call('viewer.add', { volume: context, of: volume, role: 'context' });
    const name = 'my map context';
    await soon(() => expect(chimerax.named(name)).toMatchObject({ level: 'level 0.5', transparency: '50' }));
    await client.call('viewer.level', { volume: context, threshold: 0.7 });
    await soon(() => expect(chimerax.named(name)?.level).toBe('level 0.7'));
    await client.call('viewer.toggle', { volume, what: 'context' });
    await soon(() => expect(chimerax.named(name)?.visible).toBe(false));
  });

  it('opens files of the user where they lie, and says where the first voxel is', async () => {
    const { chimerax, client, volume } = await stage();
    const folder = await scratchFolder();
    for (const [name, copied] of [
      ['plain name.map', false],
      [`it's; "quoted".mrc`, true],
    ] as const) {
      const path = join(folder, name);
      await client.call('volume.save', { volume, path });
      const { id } = await client.call('volume.open', { path });
      await client.call('viewer.add', { volume: id, name: 'file; close all' });
      await soon(() => expect(chimerax.models.at(-1)?.path.includes(id)).toBe(copied));
    }
    await soon(() => expect(chimerax.models).toHaveLength(3));
    expect(chimerax.commands).toContain('volume #2 origin 0,0,0');
    expect(chimerax.models[1]?.name).toBe('file close all original');
  });

  it('finds its models again when the user renumbers them, and leaves alone what he closed', async () => {
    const { chimerax, client, volume } = await stage();
    const [model] = chimerax.models;
    if (model === undefined) throw new Error('no model');
    model.spec = '#9';
    chimerax.models.unshift({ ...model, spec: '#1', name: 'of somebody else' });
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 1 } });
    await soon(() => expect(model.level).toBe('level 1'));
    expect(chimerax.models[0]?.level).toBe('sdLevel 1');
    chimerax.models.pop();
    const looks = chimerax.sent('info').length;
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 2 } });
    await soon(() => expect(chimerax.sent('info').length).toBeGreaterThan(looks));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(chimerax.models).toHaveLength(1);
    await client.call('viewer.show', { volume, visible: false });
    await client.call('viewer.show', { volume, visible: true });
    await soon(() => expect(chimerax.models[1]?.level).toBe('level 2'));
    expect(chimerax.sent('open')).toHaveLength(2);
  });

  it('gets the newest of many changes, not each of them', async () => {
    const { chimerax, client, volume } = await stage();
    for (let value = 1; value <= 200; value++)
      await client.call('viewer.level', { volume, level: { kind: 'absolute', value } });
    await soon(() => expect(chimerax.models[0]?.level).toBe('level 200'));
    expect(chimerax.sent('volume').length).toBeLessThan(190);
    expect(chimerax.most).toBe(1);
  });

  it('is not driven any more once it is detached', async () => {
    const { chimerax, client, volume, viewer } = await stage();
    await client.call('viewer.detach', { viewer: viewer.id });
    const before = chimerax.commands.length;
    await client.call('viewer.show', { volume, visible: false });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(chimerax.commands).toHaveLength(before);
    expect(chimerax.models).toHaveLength(1);
  });
});

describe('ChimeraX with the bundle', () => {
  it('is told to apply each new job once, and nothing else', async () => {
    const daemon = await testDaemon({ rest });
    const { client } = daemon;
    const chimerax = await FakeChimeraX.start({ bundle: true });
    const inputs = await uploadInputs(daemon, 16);
    await client.call('viewer.add', { volume: inputs.map });
    const before = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(client, before.id, 'done');
    const { viewer } = await client.call('viewer.attach', { kind: 'chimerax-rest', url: chimerax.url });
    expect(viewer.bundle).toBe(true);
    const job = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(client, job.id, 'done');
    await client.call('viewer.toggle', { volume: inputs.map, what: 'original' });
    await soon(() => expect(chimerax.sent('locscale')).toEqual([`locscale apply ${job.id}`]));
    expect(chimerax.models).toEqual([]);
  });
});

describe('faults', () => {
  it('of a command are told with the words of ChimeraX, and the next command is tried', async () => {
    const { chimerax, client, volume, viewer } = await stage();
    const problem = async (): Promise<string | null | undefined> =>
      (await client.call('viewer.list')).find(({ id }) => id === viewer.id)?.problem;
    chimerax.surprises.set('volume', { error: { type: 'UserError', message: 'Level is\nodd' } });
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 1 } });
    await soon(async () =>
      expect(await problem()).toBe('ChimeraX refused the command "volume #1 level 1": Level is odd'),
    );
    chimerax.surprises.set('volume', { bugs: ['Traceback …\n'] });
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 2 } });
    await soon(async () => expect(await problem()).toContain('Traceback'));
    await client.call('viewer.level', { volume, level: { kind: 'absolute', value: 3 } });
    await soon(() => expect(chimerax.models[0]?.level).toBe('level 3'));
    await soon(async () => expect(await problem()).toBeNull());
    expect(chimerax.sent('volume').slice(1)).toEqual([1, 2, 3].map((level) => `volume #1 level ${level}`));
  });

  it.each(['hang', 'broken'] as const)('of the connection (%s) are got over', async (surprise) => {
    const { chimerax, client, volume } = await stage();
    chimerax.surprises.set('info models', surprise);
    await client.call('viewer.show', { volume, visible: false });
    await soon(() => expect(chimerax.models[0]?.visible).toBe(false));
  });

  it('that last take ChimeraX off the list', async () => {
    const { chimerax, client, volume } = await stage();
    chimerax.quit();
    await client.call('viewer.show', { volume, visible: false });
    await soon(async () => expect(await client.call('viewer.list')).toEqual([]));
  });

  it('at the start are errors of attaching', async () => {
    const { client } = await testDaemon({ rest });
    const text = await FakeChimeraX.start({ plainText: true });
    await expect(attach(client, text.url)).rejects.toMatchObject({
      kind: 'viewer.unreachable',
      message: expect.stringContaining('remotecontrol rest start json true') as string,
    });
    const hanging = await FakeChimeraX.start();
    hanging.surprises.set('version', 'hang');
    expect(await kindOf(attach(client, hanging.url))).toBe('viewer.unreachable');
    expect(await kindOf(attach(client, 'http://127.0.0.1:9'))).toBe('viewer.unreachable');
    expect(await client.call('viewer.list')).toEqual([]);
  });

  it('of addresses are refused before anything is sent', async () => {
    const { client } = await testDaemon({ rest });
    for (const url of [
      'http://192.0.2.1:5050',
      'http://127.0.0.1.evil.com:5050',
      'http://localhost.:5050',
      'https://127.0.0.1:5050',
      'file:///etc/passwd',
      'http://user@127.0.0.1:5050',
      'http://127.0.0.1:5050/run?command=exit',
      'nonsense',
    ])
      expect(await kindOf(attach(client, url)), url).toBe('input.parameter');
    // Allowed by the caller, so it is asked: nobody is there (an address kept for documentation).
    expect(await kindOf(attach(client, 'http://192.0.2.1:5050', true))).toBe('viewer.unreachable');
  });
});
