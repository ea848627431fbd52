import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDaemon, type Daemon } from '../../daemon/dist/server/index.js';
import { pdbText } from '../models/helpers/pdb.js';
import { cube, Workplace, writeMap } from './locscale.js';

let workplace: Workplace;
let daemon: Daemon;

beforeEach(async () => {
  workplace = await Workplace.create();
  await mkdir(workplace.path('page'));
  await writeFile(workplace.path('page/index.html'), '<!doctype html><title>page</title>');
  daemon = await startDaemon({ env: { LOCSCALE_HOME: workplace.path('home') }, pageFolder: workplace.path('page') });
  await writeMap(workplace.path('map.mrc'), cube(8), (i) => i);
});
afterEach(async () => {
  await daemon.stop(0);
  await workplace.close();
});

/** A program that takes the place of the one that opens browsers: writes down its arguments and the file that it is given. */
async function fakeBrowser(): Promise<NodeJS.ProcessEnv> {
  await mkdir(workplace.path('bin'));
  await writeFile(
    workplace.path('bin/xdg-open'),
    `#!/bin/sh\necho "$@" > ${workplace.path('arguments')}\ncat "$1" > ${workplace.path('seen.html')}\n`,
  );
  await chmod(workplace.path('bin/xdg-open'), 0o755);
  return { PATH: `${workplace.path('bin')}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' };
}

const view = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  workplace.start(process.execPath, [workplace.program, 'view', ...args], env).finished;

describe('locscale view', () => {
  it.runIf(process.platform === 'linux')(
    'opens the browser with a file, so that no code is in the list of processes',
    async () => {
      const { code, out, error } = await view(['map.mrc'], await fakeBrowser());
      expect([code, error]).toEqual([0, expect.stringContaining('opens in your browser')]);
      const url = out.trim();
      expect(url).toMatch(new RegExp(`^${daemon.url}/view/#code=[\\w-]{32}&open=vol-[0-9a-f]{16}$`));
      const words = await readFile(workplace.path('arguments'), 'utf8');
      expect(words).toMatch(/^\S+\/open-[\w-]{8}\.html\n$/);
      expect(words).not.toContain(url.slice(-20));
      expect(await readFile(workplace.path('seen.html'), 'utf8')).toContain(url.replace('&', '&amp;'));
    },
  );

  it('prints the address where there is no screen, or when it is told to', async () => {
    const none = await view([], { DISPLAY: '', WAYLAND_DISPLAY: '' });
    expect(none.error).toContain('Open this address');
    const told = await view(['--no-open', '--json'], await fakeBrowser());
    expect(JSON.parse(told.out)).toMatchObject({ ok: true, opened: false, volumes: [] });
    await expect(readFile(workplace.path('arguments'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('puts the maps on the screen, each once', async () => {
    const volumes = async (): Promise<unknown> => {
      const { out } = await view(['map.mrc', '--no-open', '--json'], {});
      return (JSON.parse(out) as { readonly volumes: unknown }).volumes;
    };
    const first = await volumes();
    expect(await volumes()).toEqual(first);
    const { out } = await workplace.run('call', 'viewer.get');
    expect(JSON.parse(out)).toMatchObject({ maps: [{ name: 'map.mrc', id: (first as string[])[0] }] });
  });

  it('hands half maps, mask and model to the page as inputs, and shows the half maps as one map', async () => {
    for (const name of ['x_half1.mrc', 'x_half2.mrc', 'mask.mrc'])
      await writeMap(workplace.path(name), cube(8), (i) => i);
    await writeFile(workplace.path('fit.pdb'), pdbText([{}]));
    const { out } = await view(['mask.mrc', 'x_half1.mrc', 'x_half2.mrc', 'fit.pdb', '--no-open', '--json'], {});
    const { url, volumes, models } = JSON.parse(out) as Readonly<Record<'volumes' | 'models', string[]>> & {
      readonly url: string;
    };
    expect([volumes.length, models.length]).toEqual([3, 1]);
    expect(url).toContain(`&open=${[...volumes, ...models].join(',')}`);
    const scene = await workplace.run('call', 'viewer.get');
    const { maps } = JSON.parse(scene.out) as { readonly maps: readonly { readonly name: string }[] };
    expect(maps.map(({ name }) => name)).toEqual(['x_half1.mrc']);
  });

  it('says what is wrong with a file before it opens anything', async () => {
    await writeFile(workplace.path('text.mrc'), 'no map');
    const { code, error } = await view(['text.mrc'], await fakeBrowser());
    expect(code).toBe(3);
    expect(error).toContain('text.mrc');
    await expect(readFile(workplace.path('arguments'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
