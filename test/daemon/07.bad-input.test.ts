import { execFileSync } from 'node:child_process';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeVolume } from '../../daemon/dist/volumes/index.js';
import { kindOf, reach, scratchFolder, testDaemon } from './helpers/daemon.js';
import { ball, blob, grid, quick, upload, uploadInputs } from './helpers/maps.js';

const n = 32;

describe('volume.open', () => {
  it('refuses what is no map, each with its own kind, and answers at once', async () => {
    const { client } = await testDaemon();
    const folder = await scratchFolder();
    await writeFile(join(folder, 'text.mrc'), 'this is not a map, this is a text of more than 1024 bytes. '.repeat(40));
    await writeVolume(join(folder, 'cut.mrc'), { grid: grid(16), voxels: blob(16, 1) });
    execFileSync('truncate', ['-s', '5000', join(folder, 'cut.mrc')]);
    execFileSync('mkfifo', [join(folder, 'fifo.mrc')]);
    const open = (path: string): Promise<string> => kindOf(client.call('volume.open', { path }));
    const started = performance.now();
    expect(await open(join(folder, 'none.mrc'))).toBe('input.missing');
    expect(await open(folder)).toBe('input.unreadable');
    expect(await open(join(folder, 'fifo.mrc'))).toBe('input.unreadable');
    expect(await open('/dev/zero')).toBe('input.unreadable');
    expect(await open(join(folder, 'text.mrc'))).toMatch(/^input\.(format|header)$/);
    expect(await open(join(folder, 'cut.mrc'))).toMatch(/^input\.(format|header)$/);
    expect(await open('map.mrc')).toBe('access.path');
    expect(await open(`${folder}/a\0b.mrc`)).toBe('access.path');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('a path into what the daemon keeps for itself', () => {
  it('is refused without a word of what lies there, also by a link', async () => {
    const daemon = await testDaemon();
    const { client, home, token } = daemon;
    const folder = await scratchFolder();
    await symlink(home, join(folder, 'link'));
    await symlink(join(home, 'token'), join(folder, 'token.mrc'));
    const inputs = { ...(await uploadInputs(daemon, n)) };
    const refusals = await Promise.all(
      [
        ...['token', 'daemon.json', `volumes/${inputs.map}.raw`, 'logs/daemon.log', 'journal', 'journal/../token'].map(
          (name) => client.call('volume.open', { path: `${home}/${name}` }),
        ),
        client.call('volume.open', { path: join(folder, 'link', 'token') }),
        client.call('volume.open', { path: join(folder, 'token.mrc') }),
        client.call('volume.save', { volume: inputs.map, path: join(home, 'volumes', 'mine.mrc') }),
        client.call('job.submit', { ...quick, inputs, output: { path: join(folder, 'link', 'logs', 'out.mrc') } }),
      ].map((call) => call.catch((error: unknown) => error)),
    );
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ kind: 'access.path', message: expect.stringMatching(/the daemon's own/) });
      expect(String(refusal)).not.toContain(token.slice(0, 8));
    }
  });

  it('does not take in maps that lie beside it', async () => {
    const { client, home } = await testDaemon();
    await writeVolume(join(home, 'map.mrc'), { grid: grid(8), voxels: blob(8, 1) });
    expect(await client.call('volume.open', { path: join(home, 'map.mrc') })).toMatchObject({ name: 'map.mrc' });
  });
});

describe('an uploaded map file', () => {
  it('is called by the name it was given, not by the one it lies under', async () => {
    const { client, url, token } = await testDaemon();
    const file = join(await scratchFolder(), 'any.mrc');
    await writeVolume(file, { grid: grid(8), voxels: blob(8, 1) });
    const put = async (name: string, body: Uint8Array): Promise<Record<string, unknown>> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-mrc' };
      const response = await fetch(`${url}/volumes?name=${name}`, { method: 'PUT', headers, body });
      return (await response.json()) as Record<string, unknown>;
    };
    const whole = new Uint8Array(await readFile(file));
    const cut = (await put('cut.mrc', whole.subarray(0, 2000))) as { error: { message: string } };
    expect(cut.error.message).toMatch(/^cut\.mrc: the file holds 2000 bytes/);
    new DataView(whole.buffer).setFloat32(1024, NaN, true);
    const inputs = { map: String((await put('half one.mrc', whole))['id']) };
    const others = { reference: inputs.map, mask: inputs.map };
    const parameters = { windowSize: 4 };
    const { id } = await client.call('job.submit', { ...quick, parameters, inputs: { ...inputs, ...others } });
    const { error } = await reach(client, id, 'failed', 'done');
    expect(error?.message).toMatch(/^half one\.mrc: 1 voxel is not a finite number/);
  });
});

describe('a job with bad input', () => {
  const nan = (): Float32Array => blob(n, 1).fill(NaN, 5, 7);
  const cases: readonly (readonly [
    name: string,
    change: { map?: Float32Array; reference?: Float32Array; mask?: Float32Array },
    message: RegExp,
  ])[] = [
    ['a map with NaN', { map: nan() }, /The map has 2 voxels that are not finite/],
    ['a reference with NaN', { reference: nan() }, /The reference map has 2 voxels that are not finite/],
    ['a mask with NaN', { mask: nan() }, /The mask has 2 voxels that are not finite/],
    ['a map of zeros', { map: new Float32Array(n ** 3) }, /All voxels of the map are 0/],
    ['a reference of ones', { reference: new Float32Array(n ** 3).fill(1) }, /All voxels of the reference map are 1/],
    [
      'a mask that never reaches 0.5',
      { mask: new Float32Array(n ** 3).fill(0.25) },
      /No voxel of the mask reaches 0.5, its largest value is 0.25/,
    ],
  ];

  it.each(cases)('%s fails with one sentence and writes nothing', async (_, change, message) => {
    const daemon = await testDaemon();
    const folder = await scratchFolder();
    const voxels = { map: blob(n, 1), reference: blob(n, 7), mask: ball(n, 0.6), ...change };
    const inputs: Record<string, string> = {};
    for (const [name, data] of Object.entries(voxels)) inputs[name] = await upload(daemon, data, grid(n));
    const path = join(folder, 'out.mrc');
    const { id } = await daemon.client.call('job.submit', { ...quick, inputs, output: { path } });
    const job = await reach(daemon.client, id, 'failed', 'done');
    expect(job.error).toMatchObject({ kind: 'input.voxels', message: expect.stringMatching(message) });
    expect(await readdir(folder)).toEqual([]);
    expect(await daemon.client.call('volume.list', {})).toHaveLength(3);
  });

  it('is refused at once when headers tell: shape, voxel size, window, names', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const inputs = { ...(await uploadInputs(daemon, n)) };
    const small = await upload(daemon, ball(30, 1), grid(30));
    const coarse = await upload(daemon, blob(n, 2), { ...grid(n), voxelSize: [1.6, 1.6, 1.6] });
    const submit = (change: object, parameters: Record<string, unknown> = quick.parameters): Promise<string> =>
      kindOf(client.call('job.submit', { ...quick, parameters, inputs: { ...inputs, ...change } }));
    expect(await submit({ mask: small })).toBe('input.mismatch');
    expect(await submit({ reference: coarse })).toBe('input.mismatch');
    expect(await submit({ mask: 'vol-0000000000000000' })).toBe('volume.unknown');
    expect(await submit({ reference: undefined })).toBe('input.parameter');
    expect(await submit({ halfMaps: [inputs.map, inputs.map] })).toBe('input.parameter');
    expect(await submit({ other: inputs.map })).toBe('input.parameter');
    expect(await submit({}, { windowSize: 34 })).toBe('input.parameter');
    expect(await submit({}, { windowSize: 3 })).toBe('input.parameter');
    expect(await submit({}, { window: 10 })).toBe('input.parameter');
    expect(await kindOf(client.call('job.submit', { recipe: 'magic', inputs }))).toBe('input.parameter');
    expect(await client.call('job.list', {})).toEqual([]);
  });

  it('warns of an odd and of a small window', async () => {
    const daemon = await testDaemon();
    const inputs = { ...(await uploadInputs(daemon, n)) };
    const { id } = await daemon.client.call('job.submit', { ...quick, parameters: { windowSize: 5 }, inputs });
    const { warnings } = await reach(daemon.client, id, 'done');
    expect(warnings.map(({ kind }) => kind)).toEqual(['parameter.window-odd', 'parameter.window-small']);
  });
});

describe('an output path', () => {
  it('is looked at before the job is accepted', async () => {
    const daemon = await testDaemon();
    const folder = await scratchFolder();
    const map = join(folder, 'map.mrc');
    await writeVolume(map, { grid: grid(n), voxels: blob(n, 1) });
    execFileSync('ln', ['-s', map, join(folder, 'link.mrc')]);
    execFileSync('ln', [map, join(folder, 'hard.mrc')]);
    const { id } = await daemon.client.call('volume.open', { path: map });
    const inputs = { ...(await uploadInputs(daemon, n)), map: id };
    const submit = (path: string): Promise<string> =>
      kindOf(daemon.client.call('job.submit', { ...quick, inputs, output: { path } }));
    for (const name of ['map.mrc', './map.mrc', 'link.mrc', 'hard.mrc'])
      expect(await submit(join(folder, name)), name).toBe('output.is-input');
    for (const path of [
      folder,
      join(folder, 'none/x.mrc'),
      'x.mrc',
      join(folder, 'x.tif'),
      '/proc/x.mrc',
      join(folder, 'a\0.mrc'),
    ])
      expect(await submit(path), path).toBe('output.unwritable');
    expect((await readdir(folder)).sort()).toEqual(['hard.mrc', 'link.mrc', 'map.mrc']);
    expect(await daemon.client.call('job.list', {})).toEqual([]);
  });
});
