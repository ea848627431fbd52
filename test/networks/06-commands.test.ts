import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from '../cli/locscale.js';

const layers = fileURLToPath(new URL('fixtures/layers.hdf5', import.meta.url));
let workplace: Workplace;
let networks: string;
beforeAll(async () => {
  workplace = await Workplace.create();
  networks = workplace.path('home/networks');
});
afterAll(() => workplace.close());

const run = (...args: readonly string[]): ReturnType<Workplace['run']> => workplace.run('network', ...args);

describe('locscale network', () => {
  it('imports a file, lists it, and finds it whole', async () => {
    const about = ['--licence', 'CC-BY-4.0', '--training-data', 'simulated maps', '--calibrator', 'emmernet'];
    const { code, out, error } = await run('import', layers, '--name', 'small', ...about, '--json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const { network } = JSON.parse(out) as { readonly network: { readonly graph: { readonly file: string } } };
    expect(network).toMatchObject({
      name: 'small',
      source: { format: 'keras', from: layers, bytes: 110_980 },
      licence: 'CC-BY-4.0',
      trainingData: 'simulated maps',
      calibrator: { samples: 15 },
    });
    expect(JSON.parse((await run('list', '--json')).out)).toEqual({
      ok: true,
      folder: networks,
      networks: [network],
      embedded: ['emmernet-sim', 'surfer-sim'].map((name) => expect.objectContaining({ name }) as unknown),
    });
    expect((await run('list')).out).toContain('calibrator  454 knots, 15 passes');
    expect((await run('verify')).out).toBe('small: whole\n');

    expect((await stat(networks)).mode & 0o777).toBe(0o700);
    for (const file of [network.graph.file, 'small.json'])
      expect((await stat(join(networks, file))).mode & 0o777).toBe(0o600);
    expect((await readdir(networks)).sort()).toEqual([network.graph.file, 'small.json'].sort());
  });

  it('replaces a network only when told to', async () => {
    const refused = await run('import', layers, '--name', 'small');
    expect(refused).toMatchObject({ code: 4, out: '' });
    expect(refused.error).toBe(
      'locscale: There is a network named small already; give another name with --name, or replace it with --replace.\n',
    );
    expect((await run('import', layers, '--name', 'small', '--replace')).out).toContain('calibrator  none');
  });

  it('refuses names that are paths, and words that name nothing', async () => {
    expect(await run('import', layers, '--name', '../outside')).toMatchObject({ code: 2 });
    expect((await run('remove', 'nobody')).error).toContain('There is no network named nobody (there are small)');
    expect((await run('pull', 'something')).error).toContain('give one of: emmernet');
    expect((await run('import', layers, '--name', 'b', '--calibrator', layers)).error).toContain('is not a calibrator');
  });

  it('sees a graph that has changed or gone, and removes what is left', async () => {
    const graph = join(networks, (await readdir(networks)).find((file) => file.endsWith('.onnx')) ?? '');
    const content = await readFile(graph);
    content[content.length >> 1] = (content[content.length >> 1] as number) ^ 1;
    await writeFile(graph, content);
    const changed = await run('verify', 'small');
    expect(changed).toMatchObject({ code: 3 });
    expect(changed.out).toContain('small: its graph is not the one that was imported (SHA-256 differs)');
    await writeFile(graph, content.subarray(0, 100));
    expect((await run('verify', '--json')).out).toContain('its graph has 100 bytes, expected');
    expect((await run('remove', 'small')).out).toMatch(/^small removed \(/u);
    expect(await readdir(networks)).toEqual([]);
  });
});
