import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RestClient } from '../../daemon/dist/viewers/chimerax/rest-client.js';
import { grid, upload } from '../daemon/helpers/maps.js';
import { chimeraxProgram, startChimeraX } from '../daemon/helpers/real-chimerax.js';
import { chimeraxEnvironment, installBundle } from '../plugins/install-bundle.js';
import { chromiumPath, launch, without } from './helpers/chromium.js';
import { folderOfFile, leftHalf, scores, writeMaps } from './helpers/files.js';
import { DaemonProcess, newContext, patience, pictures, ViewerPage } from './helpers/viewer.js';

const n = 48;
const patient = { timeout: patience };
const missing = chimeraxProgram === undefined || chromiumPath === undefined;
if (chimeraxProgram === undefined)
  process.stderr.write('04-with-chimerax: skipped, CHIMERAX names no executable of ChimeraX (docs/chimerax.md)\n');

/** What `info` tells of a map. */
interface Info {
  readonly shown: boolean;
  readonly 'surface levels': readonly number[];
}

describe.skipIf(missing)(`two tabs and a ChimeraX at one daemon (${without})`, () => {
  it('show the same maps, levels, jobs, results, colours and context, whoever changes them', async () => {
    const folder = await folderOfFile();
    await mkdir(join(folder, 'home'));
    await installBundle(folder, chimeraxProgram ?? '');
    const environment = chimeraxEnvironment(folder);
    const { half1, mask } = await writeMaps(folder, n);
    const file = join(folder, 'map.mrc');
    await rename(half1, file);
    const daemon = await new DaemonProcess(join(folder, 'state')).connected();
    onTestFinished(() => daemon.killed());
    const browser = await launch();
    onTestFinished(() => browser.close());
    const context = await newContext(browser);

    // A map comes onto the screen from a terminal, into two tabs, and into a ChimeraX that has it open already.
    const locscale = fileURLToPath(new URL('../../daemon/bin/locscale.js', import.meta.url));
    const { stdout } = await promisify(execFile)(locscale, ['view', file, '--no-open'], { env: environment });
    const tabs = [
      await ViewerPage.at(context, /https?:\S+/.exec(stdout)?.[0] ?? ''),
      await ViewerPage.open(context, daemon.client),
    ] as const;
    const [left, right] = tabs;
    const inBoth = (check: (tab: ViewerPage) => Promise<unknown>) => Promise.all(tabs.map(check));
    const chimerax = new RestClient(new URL(await startChimeraX(chimeraxProgram ?? '', environment)), patience);
    const info = async (spec: string): Promise<Info> => {
      const [model] = (await chimerax.run(`info ${spec}`)).values[0] as readonly [Info];
      return model;
    };
    const numberOfMaps = async (): Promise<number> =>
      ((await chimerax.run('info models')).values[0] as readonly { readonly class: string }[]).filter(
        (model) => model.class === 'Volume',
      ).length;
    const range = async (): Promise<string> => (await chimerax.run('measure mapstats #1')).notes.join();
    const seen = async (name: string): Promise<void> => {
      mkdirSync(pictures, { recursive: true });
      await chimerax.run(`windowsize 640 480; save "${join(pictures, `${name}-chimerax.png`)}"`);
      await left.picture(`${name}-tab-1`);
      await right.picture(`${name}-tab-2`);
    };
    await chimerax.run(`set bgColor white; open "${file}"; open "${mask}"; hide #2 models; view`);
    await chimerax.run('locscale join wait true');
    await inBoth((tab) => tab.shows('original'));
    const [map] = (await daemon.client.call('viewer.get')).maps;
    if (map === undefined) throw new Error('nothing is on the screen');
    expect(await numberOfMaps()).toBe(2);
    await expect
      .poll(async () => (await daemon.client.call('viewer.list')).map(({ kind }) => kind).sort(), patient)
      .toEqual(['chimerax', 'molstar', 'molstar']);

    await inBoth((tab) =>
      expect
        .poll(() => tab.page.locator('[data-name="viewers"]').innerText(), patient)
        .toMatch(/: (Mol\*, ChimeraX|ChimeraX, Mol\*)$/),
    );

    // Levels: from ChimeraX to the tabs, from a tab to ChimeraX and the other tab.
    const level = (tab: ViewerPage, layer: string) =>
      tab.page.evaluate(
        (end) =>
          window.locscaleViewer?.bench.scene.maps.value.find(({ slot }) => slot.endsWith(`/${end}`))?.level?.absolute,
        layer,
      );
    await chimerax.run('volume #1 level 0.4');
    await inBoth((tab) => expect.poll(() => level(tab, 'original'), patient).toBeCloseTo(0.4, 4));
    await right.page.locator('input[type=number][aria-label*="σ"]').first().fill('3');
    const levels = async () => [await level(left, 'original'), (await info('#1'))['surface levels'][0]];
    await expect.poll(async () => (await levels()).every((value) => value !== 0.4), patient).toBe(true);
    const [there = 0, here = 0] = await levels();
    expect(here).toBeCloseTo(there, 3);

    // A job of ChimeraX: both tabs list it and show its result.
    await chimerax.run('locscale sharpen #1 mask #2 mode none window 10 wait true');
    const [own] = (await chimerax.run('locscale jobs')).values[0] as readonly [{ readonly daemonJob: string }];
    const listed = (tab: ViewerPage) =>
      tab.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value.map(({ id }) => id) ?? []);
    await inBoth(async (tab) => {
      await tab.job('done');
      await tab.shows('sharpened');
      expect(await listed(tab)).toEqual([own.daemonJob]);
    });
    await seen('11-job-of-chimerax');

    // A job of a tab: the other tab lists it, and ChimeraX has its result in place.
    const before = await range();
    await left.page.evaluate(
      (volume) =>
        window.locscaleViewer?.bench.choose({
          ...{ recipe: 'no-reference', recipeChosen: true, halfMaps: [undefined, undefined], volumes: { map: volume } },
          parameters: { windowSize: 16 },
        }),
      map.id,
    );
    await left.page.locator('.locscale-sharpen').click();
    await expect.poll(async () => (await listed(right)).length, patient).toBe(2);
    await inBoth((tab) => tab.job('done'));
    await expect.poll(range, patient).not.toBe(before);
    const [newest = ''] = await listed(left);
    expect((await chimerax.run('locscale jobs')).notes.join()).toContain(newest);

    // Original and result.
    await chimerax.run('locscale toggle #1 original');
    await inBoth((tab) => tab.shows('original'));
    expect((await info('#1')).shown).toBe(false);
    await left.button('show-sharpened').click();
    await right.shows('sharpened');
    await expect.poll(async () => (await info('#1')).shown, patient).toBe(true);

    // Colours by confidence, and the context around the protein.
    const add = async (role: 'confidence' | 'context', voxels: Float32Array): Promise<void> => {
      const volume = await upload(daemon, voxels, grid(n));
      await daemon.client.call('viewer.add', { volume, of: map.id, name: role, role });
    };
    await add('confidence', scores(n));
    const path = join(folder, 'seen.png');
    const bytes = async (): Promise<number> => {
      await chimerax.run(`windowsize 640 480; save "${path}"`);
      return readFileSync(path).length;
    };
    const plain = await bytes();
    await right.button('confidence').click();
    await inBoth((tab) => tab.shows('sharpened', ({ colour }) => colour.startsWith('vertex')));
    await expect.poll(bytes, patient).not.toBe(plain);
    await add('context', leftHalf(n));
    await inBoth((tab) => tab.button('context-on').waitFor());
    // ChimeraX fetches the voxels beside its interface; until they are there it says that it knows no context.
    const toggled = async (): Promise<boolean> => {
      try {
        await chimerax.run('locscale toggle #1 context on true');
        return true;
      } catch (error) {
        if (String(error).includes('No context of')) return false;
        throw error;
      }
    };
    await expect.poll(toggled, patient).toBe(true);
    await inBoth((tab) => tab.shows('context'));
    await seen('12-confidence-and-context');
    await chimerax.run('locscale toggle #1 context on false; locscale toggle #1 confidence on false');
    await inBoth((tab) => tab.shows('sharpened', ({ colour }) => colour === 'uniform'));
    await inBoth((tab) =>
      expect
        .poll(async () => (await tab.drawn()).find(({ slot }) => slot.endsWith('/context'))?.visible ?? false, patient)
        .toBe(false),
    );
    await seen('13-plain');
    for (const tab of tabs) expect(await tab.page.locator('[data-name="problem"]').count()).toBe(0);
    expect(tabs.flatMap(({ errors }) => errors)).toEqual([]);
  }, 400_000);
});
