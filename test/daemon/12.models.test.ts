import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../daemon/dist/models/index.js';
import { pdbText } from '../models/helpers/pdb.js';
import { kindOf, reach, scratchFolder, testDaemon, type TestDaemon } from './helpers/daemon.js';
import { uploadInputs } from './helpers/maps.js';
import { connectTo, exitOf, spawnDaemon } from './helpers/processes.js';

/** Three residues of glycine with different B-factors. */
const pdb = pdbText(
  [1, 2, 3].flatMap((residue) =>
    ['N', 'CA', 'C', 'O'].map((name, i) => ({
      name: ` ${name}`.padEnd(4),
      compound: 'GLY',
      number: String(residue),
      position: [residue * 3.8, i * 1.4, 0] as const,
      b: (20 + 10 * residue + i).toFixed(2),
      element: name.slice(0, 1),
    })),
  ),
);

interface Answer {
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly error?: { readonly kind: string; readonly message: string };
  } & Record<string, unknown>;
}

async function put({ url, token }: TestDaemon, bytes: Uint8Array | string, query = '?name=gly.pdb', type?: string) {
  const headers = { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) };
  const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const response = await fetch(`${url}/models${query}`, { method: 'PUT', headers, body });
  return { status: response.status, body: await response.json() } as Answer;
}

async function get({ url, token }: TestDaemon, id: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`${url}/models/${id}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
}

const uploadId = async (daemon: TestDaemon): Promise<string> => (await put(daemon, pdb)).body.id ?? '';

describe('model.open', () => {
  it('describes a file of the user, which stays when the model is closed', async () => {
    const { client } = await testDaemon();
    const path = join(await scratchFolder(), 'gly.pdb');
    await writeFile(path, pdb);
    const model = await client.call('model.open', { path });
    expect(model).toMatchObject({ name: 'gly.pdb', source: 'file', path, format: 'pdb', warnings: [] });
    expect(model.facts).toMatchObject({ atoms: 12, residues: 3, chains: 1, models: 1, bFactors: [30, 53] });
    expect(await client.call('model.list')).toEqual([model]);
    expect(await client.call('model.describe', { model: model.id })).toEqual(model);
    expect((await client.call('daemon.status')).models).toBe(1);
    expect(await client.call('model.close', { model: model.id })).toEqual({ closed: true });
    expect(await client.call('model.list')).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe(pdb);
  });

  it('refuses what is no model, each with its own kind, and keeps none', async () => {
    const { client, home } = await testDaemon();
    const folder = await scratchFolder();
    const write = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const open = (path: string): Promise<string> => kindOf(client.call('model.open', { path }));
    expect(await open(join(folder, 'none.pdb'))).toBe('input.missing');
    expect(await open(folder)).toBe('input.unreadable');
    expect(await open(await write('text.pdb', 'this is no model\n'))).toBe('input.format');
    expect(await open(await write('empty.cif', 'data_x\n_entry.id x\n'))).toBe('input.model');
    expect(await open(await write('nan.pdb', pdb.replace('   3.800', '     nan')))).toBe('input.model');
    expect(await open('gly.pdb')).toBe('access.path');
    expect(await open(join(home, 'token'))).toBe('access.path');
    await symlink(home, join(folder, 'link'));
    expect(await open(join(folder, 'link', 'models', 'x.model'))).toBe('access.path');
    expect(await client.call('model.list')).toEqual([]);
  });

  it.each(['model.describe', 'model.close'] as const)('%s of an unknown id answers model.unknown', async (method) => {
    const { client } = await testDaemon();
    expect(await kindOf(client.call(method, { model: 'mdl-0000000000000000' }))).toBe('model.unknown');
    expect(await kindOf(client.call(method, { model: 'vol-0000000000000000' }))).toBe('rpc.invalid-params');
  });
});

describe('models over HTTP', () => {
  it('go up plain and packed, and come back as mmCIF with the same atoms', async () => {
    const daemon = await testDaemon();
    for (const [bytes, type] of [
      [pdb, undefined],
      [gzipSync(pdb), 'application/octet-stream'],
      [pdb, 'chemical/x-pdb; charset=utf-8'],
    ] as const) {
      const { status, body } = await put(daemon, bytes, '?name=my%20model', type);
      expect(status, JSON.stringify(body)).toBe(201);
      expect(body).toMatchObject({ name: 'my model', source: 'upload', path: null, format: 'pdb' });
      const response = await get(daemon, body.id ?? '');
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'chemical/x-mmcif']);
      const path = join(await scratchFolder(), 'down.cif');
      await writeFile(path, Buffer.from(await response.arrayBuffer()));
      const { atoms, source } = await readModel(path);
      expect(source.format).toBe('mmcif');
      expect(atoms.bFactors.length).toBe(12);
      expect(atoms.positions[3 * 11 + 1]).toBeCloseTo(4.2, 3);
      expect(atoms.bFactors[11]).toBeCloseTo(53, 3);
    }
  });

  it('come in ranges and by HEAD', async () => {
    const daemon = await testDaemon();
    const id = await uploadId(daemon);
    const whole = Buffer.from(await (await get(daemon, id)).arrayBuffer());
    const head = await get(daemon, id, {}, 'HEAD');
    expect([head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([`${whole.length}`, 0]);
    const part = await get(daemon, id, { range: 'bytes=5-20' });
    expect([part.status, Buffer.from(await part.arrayBuffer()).toString()]).toEqual([
      206,
      whole.toString('utf8', 5, 21),
    ]);
    expect((await get(daemon, id, { range: `bytes=${whole.length}-` })).status).toBe(416);
  });

  it.each([
    ['text', 'this is no model', '?name=a.pdb', undefined, 415, 'input.format'],
    ['a map', 'MAP '.repeat(300), '?name=a.pdb', 'application/x-mrc', 415, 'input.format'],
    ['no atoms', 'data_x\n_entry.id x\n', '?name=a.cif', undefined, 422, 'input.model'],
    ['another parameter', 'data_x\n', '?color=red', undefined, 400, 'rpc.invalid-params'],
    ['a name with slashes', 'data_x\n', '?name=../a', undefined, 400, 'rpc.invalid-params'],
  ])('of %s are refused and leave nothing', async (_, text, query, type, status, kind) => {
    const daemon = await testDaemon();
    const { status: seen, body } = await put(daemon, text, query, type);
    expect([seen, body.error?.kind]).toEqual([status, kind]);
    expect(body.error?.message).not.toMatch(/mdl-|locscale-daemon/);
    expect(await daemon.client.call('model.list')).toEqual([]);
    expect(await readdir(join(daemon.home, 'models'))).toEqual([]);
  });

  it('of the largest size pass, one byte more does not', async () => {
    const atLimit = await testDaemon({ limits: { modelBytes: pdb.length } });
    expect((await put(atLimit, pdb)).status).toBe(201);
    const below = await testDaemon({ limits: { modelBytes: pdb.length - 1 } });
    expect((await put(below, pdb)).body.error?.kind).toBe('limit.size');
    expect(await readdir(join(below.home, 'models'))).toEqual([]);
  });

  it('answer 404 for what is not there and 400 for what cannot be asked', async () => {
    const daemon = await testDaemon();
    const id = await uploadId(daemon);
    expect((await get(daemon, 'mdl-0000000000000000')).status).toBe(404);
    expect((await get(daemon, `${id}?format=pdb`)).status).toBe(400);
    expect((await fetch(`${daemon.url}/models/${id}`)).status).toBe(401);
  });
});

describe('an uploaded model', () => {
  it('is found again after the daemon was killed, and goes when it is closed', async () => {
    const home = await scratchFolder();
    const child = spawnDaemon(home);
    const first = (await connectTo(home, child.pid)) as TestDaemon;
    const id = await uploadId(first);
    child.kill('SIGKILL');
    await exitOf(child);
    await writeFile(join(home, 'models', 'mdl-0000000000000001.model'), 'left over');
    const daemon = await testDaemon({ home });
    expect(await daemon.client.call('model.list')).toMatchObject([{ id, name: 'gly.pdb', facts: { atoms: 12 } }]);
    expect((await get(daemon, id)).status).toBe(200);
    await daemon.client.call('model.close', { model: id });
    expect(await readdir(join(home, 'models'))).toEqual([]);
  });

  it('that needs more than the memory budget is refused with both numbers', async () => {
    const daemon = await testDaemon({ memoryBytes: 100 * 2 ** 20 });
    const { body } = await put(daemon, pdb);
    expect(body.error?.kind).toBe('limit.memory');
    expect(body.error?.message).toMatch(
      /^The model gly\.pdb needs about \d+ MiB, but its budget is 100 MiB; leave out/,
    );
    expect(await readdir(join(daemon.home, 'models'))).toEqual([]);
  });
});

describe('a job that names a model', () => {
  const n = 32;
  /** Atoms in the middle of the box of `grid(n)`, 48 Å wide. */
  const lump = pdbText(
    Array.from({ length: 200 }, (_, i) => ({
      number: String(i + 1),
      position: [14 + 2 * (i % 10), 16 + 4 * (Math.floor(i / 10) % 5), 16 + 4 * Math.floor(i / 50)] as const,
      b: (40 + (i % 7)).toFixed(2),
    })),
  );
  const parameters = { windowSize: 10, skipRefinement: true };

  it('takes it by id and by path, keeps it from being closed meanwhile, and refuses what is no model at once', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const { map, mask } = await uploadInputs(daemon, n);
    const path = join(await scratchFolder(), 'lump.pdb');
    await writeFile(path, lump);
    const id = (await put(daemon, lump, '?name=lump.pdb')).body.id ?? '';
    const request = (model: unknown) => ({ recipe: 'model-based', parameters, inputs: { map, mask, model } });
    const byId = await client.call('job.submit', request(id));
    expect(await kindOf(client.call('model.close', { model: id }))).toBe('model.busy');
    const byPath = await client.call('job.submit', request({ path }));
    const done = [await reach(client, byId.id, 'done', 'failed'), await reach(client, byPath.id, 'done', 'failed')];
    expect(done.map(({ error, state }) => error?.message ?? state)).toEqual(['done', 'done']);
    const voxels = done.map(async ({ outputs }) =>
      (
        await fetch(`${daemon.url}/volumes/${outputs['sharpened']}`, {
          headers: { authorization: `Bearer ${daemon.token}` },
        })
      ).arrayBuffer(),
    );
    expect(Buffer.from(await (voxels[0] as Promise<ArrayBuffer>))).toEqual(
      Buffer.from(await (voxels[1] as Promise<ArrayBuffer>)),
    );
    expect(await client.call('model.close', { model: id })).toEqual({ closed: true });
    const refused = (model: unknown): Promise<string> => kindOf(client.call('job.submit', request(model)));
    expect(await refused(id)).toBe('model.unknown');
    expect(await refused({ path: `${path}.gz` })).toBe('input.missing');
    expect(await refused({ path: join(daemon.home, 'token') })).toBe('access.path');
    expect(await refused({ path: 'lump.pdb' })).toBe('access.path');
    expect(await refused(map)).toBe('input.parameter');
    expect(await kindOf(client.call('job.estimate', request({ path: join(daemon.home, 'token') })))).toBe(
      'access.path',
    );
    const { fits, peakBytes } = await client.call('job.estimate', request({ path }));
    expect([fits, peakBytes > 0]).toEqual([true, true]);
    expect((await client.call('job.list')).length).toBe(2);
  });

  it('that refines it gives back the refined one, which others may open and which outlives the daemon', async () => {
    const home = await scratchFolder();
    const daemon = await testDaemon({ home });
    const { client } = daemon;
    const { map, mask } = await uploadInputs(daemon, n);
    const model = (await put(daemon, lump, '?name=lump.pdb')).body.id ?? '';
    const path = join(await scratchFolder(), 'out.mrc');
    const request = (given: Record<string, unknown>) => ({
      recipe: 'model-based',
      parameters: given,
      inputs: { map, mask, model },
    });
    const { id } = await client.call('job.submit', { ...request({ windowSize: 10 }), output: { path } });
    const done = await reach(client, id, 'done', 'failed');
    expect(done.error).toBeNull();
    expect(Object.keys(done.models)).toEqual(['model']);
    const made = done.models['model'] ?? '';
    const described = await client.call('model.describe', { model: made });
    expect(described).toMatchObject({ name: `model of ${id}`, source: 'job', job: id, path: null, format: 'mmcif' });
    expect(described.facts).toMatchObject({ atoms: 200, chains: 1, models: 1 });
    const text = Buffer.from(await (await get(daemon, made)).arrayBuffer());
    expect(text).toEqual(await readFile(path.replace('.mrc', '_model.cif')));
    const read = join(await scratchFolder(), 'refined.cif');
    await writeFile(read, text);
    const { facts, atoms } = await readModel(read);
    expect(facts).toEqual({ ...described.facts, bFactors: facts.bFactors });
    expect(described.facts.bFactors.every((b, i) => Math.abs(b - (facts.bFactors[i] ?? 0)) < 0.01)).toBe(true);
    expect(new Set(atoms.bFactors).size).toBeGreaterThan(100);
    // It may be an input like any other; without refinement there is none.
    const again = { recipe: 'model-based', parameters, inputs: { map, mask, model: made } };
    const second = await reach(client, (await client.call('job.submit', again)).id, 'done', 'failed');
    expect([second.error, second.models]).toEqual([null, {}]);
    await daemon.daemon.stop(0);

    const next = await testDaemon({ home });
    expect((await next.client.call('job.get', { job: id })).models).toEqual({ model: made });
    expect(await next.client.call('model.describe', { model: made })).toEqual(described);
    expect(Buffer.from(await (await get(next, made)).arrayBuffer())).toEqual(text);
    await next.client.call('model.close', { model: made });
    expect((await readdir(join(home, 'models'))).filter((name) => name.startsWith(made))).toEqual([]);
  });

  it('that is cancelled or fails leaves no model', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    // All voxels of a larger box in windows of 60: seconds on one thread, so that it is not done before it is cancelled.
    const { map, mask } = await uploadInputs(daemon, 64, 2);
    const model = (await put(daemon, lump, '?name=lump.pdb')).body.id ?? '';
    const held = await readdir(join(daemon.home, 'models'));
    const inputs = { map, mask, model };
    const parameters = { windowSize: 60, threads: 1 };
    const { id } = await client.call('job.submit', { recipe: 'model-based', parameters, inputs });
    await client.call('job.cancel', { job: id });
    const ended = await reach(client, id, 'done', 'failed', 'cancelled');
    expect([ended.state, ended.models]).toEqual(['cancelled', {}]);
    expect(await readdir(join(daemon.home, 'models'))).toEqual(held);
    expect((await client.call('model.list')).map((one) => one.id)).toEqual([model]);
  });
});
