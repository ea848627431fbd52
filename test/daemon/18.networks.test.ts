import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reach, scratchFolder, testDaemon } from './helpers/daemon.js';
import { ball, blob, grid, upload } from './helpers/maps.js';
import { remoteDaemon } from './helpers/remote.js';

const layers = fileURLToPath(new URL('../networks/fixtures/layers.hdf5', import.meta.url));

/** The message of a refusal. */
const refusal = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );

describe('networks through the daemon', () => {
  it('are imported, listed, verified and removed', async () => {
    const { client, home } = await testDaemon();
    const about = { licence: 'CC-BY-4.0', trainingData: 'simulated maps', calibrator: 'emmernet' } as const;
    const network = await client.call('network.import', { path: layers, name: 'small', ...about });
    const bytes = await readFile(layers);
    expect(network).toMatchObject({
      name: 'small',
      embedded: false,
      purpose: 'maps',
      source: { format: 'keras', from: layers, bytes: bytes.length },
      licence: 'CC-BY-4.0',
      trainingData: 'simulated maps',
      calibrated: true,
    });
    expect(network.source.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const listed = await client.call('network.list');
    expect(listed[0]).toEqual(network);
    expect(listed.map(({ name, embedded, purpose }) => [name, embedded, purpose])).toEqual([
      ['small', false, 'maps'],
      ['emmernet-sim', true, 'maps'],
      ['surfer-sim', true, 'context'],
    ]);

    expect(await client.call('network.verify')).toEqual([{ name: 'small', fault: null }]);
    const graph = join(home, 'networks', `small-${network.sha256.slice(0, 12)}.onnx`);
    await writeFile(graph, 'another');
    const [found] = await client.call('network.verify', { name: 'small' });
    expect(found?.fault).toMatch(/its graph has 7 bytes, expected \d+/);

    expect(await refusal(client.call('network.import', { path: layers, name: 'small' }))).toContain('--replace');
    expect((await client.call('network.remove', { name: 'small' })).bytes).toBeGreaterThan(1000);
    expect(await refusal(client.call('network.remove', { name: 'small' }))).toContain(
      'There is no network named small',
    );
    expect((await client.call('network.list')).every(({ embedded }) => embedded)).toBe(true);
  });

  it('are refused in a sentence when the file is not one, and the daemon goes on', async () => {
    const { client } = await testDaemon();
    const folder = await scratchFolder();
    const torn = join(folder, 'torn.hdf5');
    await writeFile(torn, (await readFile(layers)).subarray(0, 50_000));
    expect(await refusal(client.call('network.import', { path: torn }))).toContain('cannot be imported as a network');
    expect(await refusal(client.call('network.import', { path: join(folder, 'none.pt') }))).toContain(
      'There is no file',
    );
    expect(await client.call('network.list')).toHaveLength(2);
  });

  it('cannot be removed from another machine', async () => {
    const { remote } = await remoteDaemon();
    expect(await refusal(remote.call('network.remove', { name: 'small' }))).toContain('networks cannot be removed');
    expect((await remote.call('network.list')).length).toBe(2);
  });

  it('are computed by providers, and what is not there says why', async () => {
    const { client } = await testDaemon();
    const found = await client.call('network.providers');
    expect(found.map(({ provider }) => provider)).toEqual(['cuda', 'tensorrt', 'webgpu', 'dml', 'coreml', 'cpu']);
    expect(found.find(({ provider }) => provider === 'cpu')).toEqual({ provider: 'cpu', works: true, reason: null });
    for (const { works, reason } of found) if (!works) expect(reason).toMatch(/\w{3}/);
  });

  it('stand in the job that used them', async () => {
    const daemon = await testDaemon();
    const { client } = daemon;
    const inputs = {
      map: await upload(daemon, blob(20, 1), grid(20)),
      mask: await upload(daemon, ball(20, 0.6), grid(20)),
    };
    const parameters = { windowSize: 10, network: 'emmernet-sim', device: 'cpu', threads: 1 };
    const { id, network } = await client.call('job.submit', { recipe: 'model-free', inputs, parameters });
    expect(network).toBeNull();
    const done = await reach(client, id, 'done', 'failed');
    expect(done.error).toBeNull();
    const [own] = await client.call('network.list');
    expect(done.network).toEqual({ name: own?.name, sha256: own?.sha256, trainingData: own?.trainingData });
  });
});
