import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Unzip } from 'molstar/lib/commonjs/mol-util/zip/zip.js';
import { MVSData } from 'molstar/lib/commonjs/extensions/mvs/mvs-data.js';
import { readVolume } from '../../daemon/dist/volumes/index.js';
import { grid } from '../daemon/helpers/maps.js';
import { EntryServer } from '../emdb/entry-server.js';
import { addEntry } from '../emdb/maps.js';
import { chromiumPath, launch, without } from './helpers/chromium.js';
import { folderOfFile } from './helpers/files.js';
import { writeMolecule } from './helpers/molecule.js';
import { keepSmallNetworks } from './helpers/networks.js';
import { DaemonProcess, newContext, patience, ViewerPage } from './helpers/viewer.js';

const patient = { timeout: patience };
/** Edge of the boxes. */
const n = 32;

// One story in one browser, like the page's own: what the panel offers beyond sharpening against a reference.
describe.skipIf(chromiumPath === undefined)(`what the panel offers (${without})`, () => {
  let folder: string;
  let daemon: DaemonProcess;
  let archive: EntryServer;
  let browser: Browser;
  let context: BrowserContext;
  let viewer: ViewerPage;

  beforeAll(async () => {
    folder = await folderOfFile();
    archive = new EntryServer();
    const base = await archive.start();
    await addEntry(archive, '1234', n, 0.45);
    await mkdir(join(folder, 'home'), { mode: 0o700 });
    await keepSmallNetworks(join(folder, 'home'));
    daemon = await new DaemonProcess(join(folder, 'home'), { LOCSCALE_EMDB: base }).connected();
    browser = await launch();
    context = await newContext(browser);
    viewer = await ViewerPage.open(context, daemon.client);
  });
  afterAll(async () => {
    await browser.close();
    await daemon.killed();
    await archive.stop();
  });

  const openPath = async (text: string): Promise<void> => {
    await viewer.page.locator('[data-name="path"]').fill(text);
    await viewer.page.keyboard.press('Enter');
  };

  it('opens an entry of EMDB by its number, through the daemon, at the level that its depositors recommend', async () => {
    await openPath('emdb:1234');
    await viewer.shows('deposited');
    const level = () =>
      viewer.page.evaluate(
        () =>
          window.locscaleViewer?.bench.scene.maps.value.find(({ slot }) => slot.endsWith('/deposited'))?.level
            ?.absolute,
      );
    await expect.poll(level, patient).toBeCloseTo(0.45, 6);
    const chosen = await viewer.page.evaluate(() => {
      const { bench } = window.locscaleViewer ?? {};
      return bench?.draft.value.halfMaps.map((id) => bench.volumes.value.find((volume) => volume.id === id)?.name);
    });
    expect(chosen).toEqual(['emd_1234_half_map_1.map.gz', 'emd_1234_half_map_2.map.gz']);
    expect(viewer.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(viewer.origin))).toEqual([]);
    await viewer.picture('10-emdb');
    await openPath('EMD-9999');
    await expect.poll(() => viewer.problem(), patient).toMatch(/EMD-9999 is not at .*check the number of the entry/);
  });

  it('shows densities side by side, from one side, whichever is turned', async () => {
    const [mainWidth] = (await viewer.panes()).map(({ width }) => width);
    await viewer.button('beside-original').focus();
    await viewer.page.keyboard.press('Enter');
    await expect.poll(async () => (await viewer.panes()).at(1)?.triangles, patient).toBeGreaterThan(100);
    const captions = viewer.page.locator('[data-name="caption"]');
    expect(await captions.allInnerTexts()).toEqual(['deposited', 'original']);
    await expect.poll(async () => (await viewer.panes())[0]?.width, patient).toBeLessThan(0.6 * (mainWidth ?? 0));
    const sameCameras = async (): Promise<boolean> => {
      const [one, two] = (await viewer.panes()).map(({ camera }) => camera.join());
      return one === two;
    };
    await expect.poll(sameCameras, patient).toBe(true);
    const before = (await viewer.panes())[0]?.camera.join();
    // Turned in the pane, then in the main view.
    const canvases = viewer.page.locator('#viewer canvas');
    for (const canvas of [viewer.page.locator('[data-pane="original"] canvas'), canvases.first()]) {
      const box = await canvas.boundingBox();
      if (box === null) throw new Error('the canvas is not on the screen');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const last = (await viewer.panes())[0]?.camera.join();
      await viewer.page.mouse.move(x, y);
      await viewer.page.mouse.down();
      await viewer.page.mouse.move(x + 60, y + 25, { steps: 4 });
      await viewer.page.mouse.up();
      await expect.poll(async () => (await viewer.panes())[0]?.camera.join(), patient).not.toBe(last);
      await expect.poll(sameCameras, patient).toBe(true);
    }
    expect((await viewer.panes())[0]?.camera.join()).not.toBe(before);
    await viewer.picture('11-side-by-side');
    await viewer.button('beside-original').click();
    await expect.poll(async () => (await viewer.panes()).length, patient).toBe(1);
    await expect.poll(async () => (await viewer.panes())[0]?.width, patient).toBe(mainWidth);
    expect(await captions.count()).toBe(0);
  });

  /** Presses Sharpen and waits until the new job is done. */
  const sharpen = async (draft: object): Promise<void> => {
    const newest = () => viewer.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value[0]?.id);
    const before = await newest();
    await viewer.page.evaluate((chosen) => window.locscaleViewer?.bench.choose(chosen), draft);
    await viewer.page.locator('.locscale-sharpen').click();
    await expect.poll(newest, patient).not.toBe(before);
    const state = () => viewer.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value[0]?.state);
    await expect.poll(state, patient).not.toMatch(/queued|running/);
    const problem = () => viewer.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value[0]?.error?.message);
    expect([await state(), await problem()]).toEqual(['done', undefined]);
  };
  const shownModels = () =>
    viewer.page.evaluate(() => {
      const { bench, plugin } = window.locscaleViewer ?? {};
      return (bench?.models.models.value ?? [])
        .filter(({ id }) => bench?.models.isShown(id))
        .map(({ id, name, facts }) => {
          const structures = plugin?.managers.structure.hierarchy.current.structures ?? [];
          const themes = structures.flatMap(({ components }) =>
            components.flatMap(({ representations }) =>
              representations.map(({ cell }) => cell.transform.params?.colorTheme.name),
            ),
          );
          return { name, bFactors: facts.bFactors, themes, scale: bench?.models.scales.value.get(id)?.range };
        });
    });

  it('sharpens by a model that lies beside the map, and colours it by the B-factors that were refined', async () => {
    const molecule = await writeMolecule(folder, n);
    await viewer.page.locator('[data-name="remove"]').last().click();
    await viewer.drop(molecule.half1, molecule.half2, molecule.mask, molecule.model);
    await viewer.shows('original');
    await expect.poll(async () => (await shownModels()).map(({ name }) => name), patient).toEqual(['model.pdb']);
    const mode = viewer.page.locator('select').first();
    expect(await mode.inputValue()).toBe('model-based');
    await sharpen({ parameters: { windowSize: 10, resolution: 4 } });
    await viewer.shows('sharpened');
    const refined = async () => (await shownModels()).filter(({ scale }) => scale !== undefined);
    await expect.poll(async () => (await refined()).length, patient).toBe(1);
    await expect.poll(async () => (await shownModels()).length, patient).toBe(1);
    const [model] = await refined();
    expect(model?.name).toMatch(/^model of job-/);
    expect(model?.themes).toContain('uncertainty');
    // The file has one B-factor for all atoms.
    const [low = 0, high = 0] = model?.bFactors ?? [];
    expect(high - low).toBeGreaterThan(5);
    expect(await viewer.page.locator('[data-name="legend"]').last().innerText()).toMatch(/B-factor, Å²/);
    await viewer.picture('12-model-refined');
    await viewer.drop(molecule.partial);
    await expect.poll(async () => (await shownModels()).length, patient).toBe(2);
    const jobs = () =>
      viewer.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value.map(({ recipe }) => recipe));
    await sharpen({ recipe: 'hybrid', recipeChosen: true });
    expect((await jobs())?.[0]).toBe('hybrid');
    expect(await viewer.page.locator('.locscale-jobs li').first().innerText()).toContain('Hybrid');
    // Pseudo-atoms and all, in place of the partial model and of the one before.
    await expect.poll(async () => (await shownModels()).map(({ name }) => name), patient).not.toContain('partial.pdb');
    await expect.poll(async () => (await shownModels()).length, patient).toBe(1);
    expect((await shownModels())[0]?.name).not.toBe(model?.name);
    await viewer.picture('13-hybrid');
  });

  it('enhances features: enhanced map and baseline side by side, coloured by confidence', async () => {
    await sharpen({
      recipe: 'feature-enhance',
      recipeChosen: true,
      parameters: { network: 'small', passes: 2, windowSize: 10, resolution: 4 },
    });
    await viewer.shows('fem');
    for (const layer of ['baseline', 'original', 'sharpened']) await viewer.button(`beside-${layer}`).click();
    await expect
      .poll(async () => (await viewer.panes()).slice(1).every(({ triangles }) => triangles > 50), patient)
      .toBe(true);
    await viewer.button('confidence').click();
    await viewer.shows('fem', ({ colour }) => colour.startsWith('vertex'));
    expect(await viewer.page.locator('[data-name="caption"]').allInnerTexts()).toEqual([
      'fem',
      'baseline',
      'original',
      'sharpened',
    ]);
    await viewer.picture('14-four-side-by-side');
    for (const layer of ['baseline', 'original', 'sharpened']) await viewer.button(`beside-${layer}`).click();
    await expect.poll(async () => (await viewer.panes()).length, patient).toBe(1);
  });

  it('finds context and takes it away, live with the threshold', async () => {
    await sharpen({ recipe: 'surfer', recipeChosen: true, parameters: { network: 'denser' } });
    await viewer.shows('cleaned');
    const cleaned = () =>
      viewer.page.evaluate(
        () =>
          window.locscaleViewer?.bench.scene.maps.value.find(({ slot }) => slot.endsWith('/cleaned'))?.source
            ?.volumes[0],
      );
    const before = await cleaned();
    await viewer.page.locator('input[type=range][aria-label="from probability"]').focus();
    for (let press = 0; press < 20; press++) await viewer.page.keyboard.press('ArrowRight');
    await expect.poll(cleaned, patient).not.toBe(before);
    await viewer.picture('15-context');
  });

  it('keeps a scene as a link and as a file, and brings it back in this and other tabs', async () => {
    const looks = () =>
      viewer.page.evaluate(() => {
        const { bench, plugin } = window.locscaleViewer ?? {};
        const layers = bench?.mirror.maps.value.flatMap((map) =>
          map.layers.map(({ name, visible, volume, colour }) => ({ name, visible, volume, by: colour?.by ?? null })),
        );
        const { position = [] } = plugin?.canvas3d?.camera.state ?? {};
        return { layers, camera: [...position].map((value) => Math.round(100 * value)) };
      });
    await viewer.button('show-original').click();
    await viewer.shows('original');
    const saved = await looks();
    await viewer.button('scene-link').click();
    const link = await viewer.page.locator('[data-name="scene-address"]').inputValue();
    expect(link.startsWith(`${viewer.origin}/view/#scene=`)).toBe(true);
    expect(link.length).toBeLessThan(4000);
    const download = viewer.page.waitForEvent('download');
    await viewer.button('scene-file').click();
    const file = join(folder, (await download).suggestedFilename());
    await (await download).saveAs(file);

    const disturb = async (): Promise<void> => {
      await viewer.button('show-fem').click();
      await viewer.shows('fem');
      await viewer.page.evaluate(() => window.locscaleViewer?.plugin.managers.camera.reset({ radius: 99 }, 0));
      expect(await looks()).not.toEqual(saved);
    };
    await disturb();
    await viewer.drop(file);
    await expect.poll(looks, patient).toEqual(saved);
    await viewer.shows('original');

    await disturb();
    await viewer.page.goto(link);
    await expect.poll(looks, patient).toEqual(saved);
    expect(viewer.page.url()).not.toContain('scene=');
    await viewer.picture('16-scene-restored');
    await viewer.page.goto(`${viewer.origin}/view/#scene=nonsense`);
    await expect.poll(() => viewer.problem(), patient).toMatch(/The scene cannot be read/);
  });

  it('saves a MolViewSpec archive with the maps, as Mol* reads it', async () => {
    const download = viewer.page.waitForEvent('download');
    await viewer.button('scene-mvsx').click();
    const path = await (await download).path();
    const files = await Unzip(new Uint8Array(await readFile(path)).buffer).run();
    const text = (name: string): Uint8Array => files[name] as Uint8Array;
    const data = MVSData.fromMVSJ(new TextDecoder().decode(text('index.mvsj')));
    expect(MVSData.validationIssues(data)).toBeUndefined();
    const map = Object.keys(files).find((name) => name.endsWith('.mrc')) ?? '';
    await writeFile(join(folder, 'drawn.mrc'), text(map));
    const { grid: drawn, header } = await readVolume(join(folder, 'drawn.mrc'));
    expect(drawn).toEqual(grid(n));
    expect(header).toBeDefined();
    expect(JSON.stringify(data)).toContain('absolute_isovalue');
  });

  it('comes back from a state of Mol* itself, whose maps are fetched again', async () => {
    const before = await viewer.shows('original');
    const bytes = await viewer.page.evaluate(async () => {
      const { plugin } = window.locscaleViewer ?? {};
      if (plugin === undefined) throw new Error('there is no viewer');
      const snapshot = JSON.stringify(plugin.state.getSnapshot());
      await plugin.clear();
      await plugin.state.setSnapshot(JSON.parse(snapshot) as ReturnType<typeof plugin.state.getSnapshot>);
      return snapshot.length;
    });
    expect(bytes).toBeLessThan(100_000);
    const after = await viewer.shows('original');
    expect(after.triangles).toBe(before.triangles);
  });

  it('has asked nobody else and met no error', () => {
    expect(viewer.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(viewer.origin))).toEqual([]);
    expect(viewer.errors.filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
  });
});
