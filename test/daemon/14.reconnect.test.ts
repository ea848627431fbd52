import { join } from 'node:path';
import { type Job, keepConnected, type RpcClient, type Scene } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { expect, it, onTestFinished } from 'vitest';
import { readConnection, readToken } from '../../daemon/dist/server/index.js';
import { reach, scratchFolder } from './helpers/daemon.js';
import { blob, grid, slow, upload } from './helpers/maps.js';
import { connectTo, exitOf, spawnDaemon, until } from './helpers/processes.js';

it('a viewer finds its scene and its job again when the daemon was killed in mid-job', async () => {
  const home = await scratchFolder();
  const first = spawnDaemon(home);
  await connectTo(home, first.pid).then(({ client }) => client.close());

  const met: { readonly client: RpcClient; readonly scene: Scene; readonly jobs: readonly Job[] }[] = [];
  const lost: string[] = [];
  const stop = keepConnected({
    connect: async () => {
      const connection = await readConnection(join(home, 'daemon.json'));
      if (connection === null) throw new Error('no daemon yet');
      return connect(connection.url, { token: await readToken(connection.tokenFile) });
    },
    onConnected: async (client) => {
      const { scene } = await client.call('viewer.attach', { kind: 'molstar' });
      met.push({ client, scene, jobs: await client.call('job.list') });
    },
    onLost: ({ kind }) => lost.push(kind),
    pausesMs: [50],
  });
  onTestFinished(stop);
  await until(() => met.length === 1, 10_000);
  const { client } = met[0] ?? expect.fail('not connected');

  const { url } = (await readConnection(join(home, 'daemon.json'))) ?? expect.fail('no connection file');
  const daemon = { url, token: await readToken(join(home, 'token')) } as Parameters<typeof upload>[0];
  const volumes = await Promise.all([1, 2, 3].map((seed) => upload(daemon, blob(96, seed), grid(96))));
  const [map = '', reference = '', mask = ''] = volumes;
  await client.call('viewer.add', { volume: map, name: 'mine' });
  const job = await client.call('job.submit', { ...slow, inputs: { map, reference, mask } });
  await reach(client, job.id, 'running');
  const scene = await client.call('viewer.get');
  // The scene is written half a second after its last change.
  await new Promise((resolve) => setTimeout(resolve, 800));
  first.kill('SIGKILL');
  await exitOf(first);
  const second = spawnDaemon(home);
  let said = '';
  second.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));

  await until(() => met.length === 2 || second.exitCode !== null, 30_000);
  expect(second.exitCode, said).toBeNull();
  expect(lost[0]).toBe('connection.closed');
  expect(met[1]?.scene).toEqual(scene);
  expect(met[1]?.jobs).toMatchObject([{ id: job.id, state: 'interrupted' }]);
  const again = met[1]?.client ?? expect.fail('not connected again');
  const repeat = await again.call('job.submit', { ...slow, inputs: { map, reference, mask } });
  await reach(again, repeat.id, 'running');
  await again.call('job.cancel', { job: repeat.id });
});
