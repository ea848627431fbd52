import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EntryServer } from '../emdb/entry-server.js';
import { addEntry } from '../emdb/maps.js';
import { chromiumPath, launch, without } from './helpers/chromium.js';
import { folderOfFile } from './helpers/files.js';
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
});
