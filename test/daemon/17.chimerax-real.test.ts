import { describe, expect, it, vi } from 'vitest';
import { RestClient } from '../../daemon/dist/viewers/chimerax/rest-client.js';
import { reach, testDaemon } from './helpers/daemon.js';
import { quick, upload, uploadInputs, blob, grid } from './helpers/maps.js';
import { chimeraxProgram, startChimeraX } from './helpers/real-chimerax.js';

if (chimeraxProgram === undefined)
  process.stderr.write('17.chimerax-real: skipped, CHIMERAX names no executable of ChimeraX (docs/viewers.md)\n');

interface Shown {
  readonly spec: string;
  readonly name: string;
  readonly shown: boolean;
}

describe.skipIf(chimeraxProgram === undefined)('the real ChimeraX', { timeout: 180_000 }, () => {
  it('shows the scene: result in place, colours by another map, context, and no complaint', async () => {
    const url = await startChimeraX(chimeraxProgram ?? '');
    const chimerax = new RestClient(new URL(url), 60_000);
    const daemon = await testDaemon({ rest: { timeoutMs: 60_000 } });
    const { client } = daemon;
    const inputs = await uploadInputs(daemon, 32);
    await client.call('viewer.add', { volume: inputs.map, name: 'my "map"; #1' });
    const { viewer } = await client.call('viewer.attach', { kind: 'chimerax-rest', url });
    expect(viewer.bundle).toBe(false);

    /** Models with their names and whether they are shown. */
    const shown = async (): Promise<Record<string, boolean>> => {
      const specs = (await chimerax.run('info models')).values[0] as readonly Shown[];
      const maps = specs.filter(({ spec }) => /^#?\d+$/.test(spec));
      const each = await Promise.all(
        maps.map(
          async ({ spec }) => (await chimerax.run(`info #${spec.replace('#', '')}`)).values[0] as readonly Shown[],
        ),
      );
      return Object.fromEntries(each.flatMap(([model]) => (model === undefined ? [] : [[model.name, model.shown]])));
    };
    const soon = (wanted: Record<string, boolean>): Promise<void> =>
      vi.waitFor(async () => expect(await shown()).toEqual(wanted), { timeout: 60_000, interval: 200 });
    const [original, result] = ['my map #1 original', 'my map #1 sharpened'];
    await soon({ [original]: true });

    const job = await client.call('job.submit', { ...quick, inputs: { ...inputs } });
    await reach(client, job.id, 'done');
    await soon({ [original]: false, [result]: true });
    const confidence = await upload(daemon, blob(32, 5), grid(32));
    await client.call('viewer.add', { volume: confidence, of: inputs.map, role: 'confidence' });
    await client.call('viewer.toggle', { volume: inputs.map, what: 'confidence' });
    const context = await upload(daemon, blob(32, 6), grid(32));
    await client.call('viewer.add', { volume: context, of: inputs.map, role: 'context' });
    const [score, belt] = ['my map #1 confidence', 'my map #1 context'];
    const all = { [original]: false, [result]: true, [score]: false, [belt]: true };
    await vi.waitFor(async () => expect(await shown()).toMatchObject(all), { timeout: 60_000, interval: 200 });
    await client.call('viewer.toggle', { volume: inputs.map, what: 'context' });
    await client.call('viewer.toggle', { volume: inputs.map, what: 'original' });
    await vi.waitFor(
      async () => expect(await shown()).toMatchObject({ ...all, [original]: true, [result]: false, [belt]: false }),
      { timeout: 60_000, interval: 200 },
    );
    expect((await client.call('viewer.list'))[0]?.problem).toBeNull();
    await client.call('viewer.remove', { volume: inputs.map });
    await vi.waitFor(async () => expect(Object.keys(await shown()).join()).not.toContain('map'), { timeout: 60_000 });
    expect((await client.call('viewer.list'))[0]?.problem).toBeNull();
  });
});
