import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { methods } from '@chimerax-like/rpc';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readIdentity, subjectNames } from '../../daemon/dist/server/tls.js';
import { kindOf, reach, scratchFolder } from './helpers/daemon.js';
import { ball, blob, quick } from './helpers/maps.js';
import { builtPage } from './helpers/page.js';
import { certFile, privateKey, remoteDaemon, type RemoteDaemon } from './helpers/remote.js';

async function push({ ask }: RemoteDaemon, voxels: Float32Array, n: number): Promise<string> {
  const { status, body } = await ask(
    'PUT',
    `/volumes?shape=${n},${n},${n}&voxelSize=1.5,1.5,1.5`,
    { 'content-type': 'application/octet-stream' },
    Buffer.from(voxels.buffer),
  );
  expect(status).toBe(201);
  return (JSON.parse(body.toString()) as { readonly id: string }).id;
}

describe('a client on another machine', () => {
  it('pushes voxels, has them sharpened, and pulls the result, all over TLS', async () => {
    const daemon = await remoteDaemon();
    const { remote, ask } = daemon;
    expect(daemon.remoteUrl).toBe(`https://gpu.example.org:${daemon.remotePort}`);
    const inputs = {
      map: await push(daemon, blob(16, 1), 16),
      reference: await push(daemon, blob(16, 7), 16),
      mask: await push(daemon, ball(16, 0.6), 16),
    };
    const job = await remote.call('job.submit', { ...quick, inputs });
    const { outputs } = await reach(remote, job.id, 'done');
    const result = await ask('GET', `/volumes/${outputs['sharpened']}`);
    expect([result.status, result.body.length]).toEqual([200, 16 ** 3 * 4]);
    const voxels = new Float32Array(result.body.buffer.slice(result.body.byteOffset, result.body.byteOffset + 16384));
    expect(voxels.some((value) => value !== 0)).toBe(true);
    expect(voxels.every(Number.isFinite)).toBe(true);
  });

  it('is told that it may name no files, and whose paths those would be', async () => {
    const { remote, client } = await remoteDaemon();
    const there = await remote.call('session.hello');
    expect(there.capabilities).not.toContain('paths');
    expect(there.host).toBe(hostname());
    expect((await client.call('session.hello')).capabilities).toContain('paths');
  });

  it('names no files: neither to read nor to write, in no method', async () => {
    const { remote, client, home } = await remoteDaemon();
    const path = join(home, 'map.mrc');
    const refused = async (method: string, params: object): Promise<string> =>
      kindOf((remote.call.bind(remote) as (name: string, params: object) => Promise<unknown>)(method, params));
    const job = { recipe: 'reference-map', inputs: {} };
    const calls: Record<string, object> = {
      'volume.open': { path },
      'volume.save': { volume: 'vol-0000000000000000', path },
      'model.open': { path },
      'network.import': { path },
      'job.submit': { ...job, output: { path } },
    };
    for (const [method, params] of Object.entries(calls))
      expect(await refused(method, params), method).toBe('access.path');
    for (const method of ['job.submit', 'job.estimate'])
      expect(await refused(method, { ...job, inputs: { model: { path } } }), method).toBe('access.path');
    // A method that takes a place of a file has to be in the table above.
    const named = methods.filter(({ params }) => namesFile(z.toJSONSchema(params, { io: 'input' })));
    expect(Object.keys(calls)).toEqual(expect.arrayContaining(named.map(({ name }) => name)));
    expect(await kindOf(client.call('volume.open', { path }))).toBe('input.missing');
  });

  it('neither stops the daemon nor has it ask other addresses', async () => {
    const { remote } = await remoteDaemon();
    expect(await kindOf(remote.call('daemon.shutdown'))).toBe('access.denied');
    const url = 'http://127.0.0.1:5050';
    expect(await kindOf(remote.call('viewer.attach', { kind: 'chimerax-rest', url }))).toBe('access.denied');
    expect((await remote.call('viewer.attach', { kind: 'chimerax' })).scene.maps).toEqual([]);
  });

  it('opens the page by an address of its own, with a cookie that goes over TLS only', async () => {
    const { remote, remoteUrl, ask } = await remoteDaemon({ pageFolder: await builtPage() });
    const { url, file } = await remote.call('viewer.page');
    expect(file).toBeNull();
    expect(url.startsWith(`${remoteUrl}/view/#code=`)).toBe(true);
    const body = Buffer.from(JSON.stringify({ code: url.split('code=')[1] }));
    const answer = await ask('POST', '/view/session', { 'content-type': 'application/json' }, body);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    expect((await ask('GET', '/view/')).headers['content-security-policy']).toContain(' wss://gpu.example.org:');
  });

  it('needs the token, TLS, and a name of the certificate', async () => {
    const { ask, remotePort, port } = await remoteDaemon();
    const volume = '/volumes/vol-0000000000000000';
    expect((await ask('GET', volume)).status).toBe(404);
    expect((await ask('GET', volume, { authorization: 'Bearer wrong' })).status).toBe(401);
    for (const host of [`127.0.0.1:${port}`, `evil.example.org:${remotePort}`, 'gpu.example.org', '*.example.org'])
      expect((await ask('GET', volume, { host })).status, host).toBe(403);
    for (const host of [`localhost:${remotePort}`, `127.0.0.1:${remotePort}`, `[::1]:${remotePort}`])
      expect((await ask('GET', volume, { host })).status, host).toBe(404);
    const origin = `https://gpu.example.org:${remotePort}`;
    expect((await ask('GET', volume, { origin })).status).toBe(404);
    expect((await ask('GET', volume, { origin: `http://127.0.0.1:${port}` })).status).toBe(403);
    await expect(fetch(`http://127.0.0.1:${remotePort}/healthz`)).rejects.toThrow();
    const old = connect({ host: '127.0.0.1', port: remotePort, maxVersion: 'TLSv1.1', rejectUnauthorized: false });
    await expect(new Promise((_resolve, reject) => old.once('error', reject))).rejects.toThrow();
  });
});

/** Whether a schema has a member that could be the place of a file. */
function namesFile(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([name, member]) => /^(path|paths|file|files|folder)$/i.test(name) || namesFile(member),
  );
}

describe('certificate and key', () => {
  const options = async () => ({ host: '0.0.0.0', port: 0, certFile, keyFile: await privateKey() });

  it('give the names by which the daemon is called', async () => {
    const { names } = await readIdentity(await options());
    expect(names).toEqual(['gpu.example.org', 'localhost', '127.0.0.1', '[::1]']);
    expect(subjectNames('DNS:*.x.org, IP Address:2001:DB8:0:0:0:0:0:7, email:a@b.c')).toEqual(['[2001:db8::7]']);
    expect(subjectNames('')).toEqual([]);
  });

  it('that are no use are refused with what is wrong', async () => {
    const good = await options();
    const folder = await scratchFolder();
    const readable = join(folder, 'readable.pem');
    await copyFile(good.keyFile, readable);
    await chmod(readable, 0o644);
    const text = join(folder, 'text.pem');
    await writeFile(text, 'no certificate', { mode: 0o600 });
    const refusals: readonly [object, string][] = [
      [{ certFile: join(folder, 'none.pem') }, 'cannot be read'],
      [{ certFile: text }, 'holds no certificate'],
      [{ keyFile: text }, 'does not belong to the certificate'],
      [{ keyFile: readable }, 'can be read by every user (mode 644, expected 600)'],
    ];
    for (const [change, words] of refusals)
      await expect(readIdentity({ ...good, ...change })).rejects.toMatchObject({
        message: expect.stringContaining(words) as string,
      });
    await expect(readIdentity(good, new Date('2200-01-01'))).rejects.toMatchObject({
      message: expect.stringContaining('ended on') as string,
    });
    expect(await readFile(good.keyFile, 'utf8')).toContain('PRIVATE KEY');
  });
});
