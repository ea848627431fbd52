import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Draft } from '@locscale/molstar/core';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grid, upload } from '../daemon/helpers/maps.js';
import { chromiumPath, launch, without } from './helpers/chromium.js';
import { folderOfFile, leftHalf, type MapFiles, scores, writeMaps } from './helpers/files.js';
import { DaemonProcess, newContext, patience, ViewerPage } from './helpers/viewer.js';

const patient = { timeout: patience };
/** Edge of the boxes: with a window of 10 voxels a job of a moment. */
const n = 48;
/** Edge of a box whose job, with windows of 44 voxels on one thread, lasts several seconds: a third of it until its first block is shown. */
const slowEdge = 96;
const slow = { windowSize: 44, threads: 1 };

// One story in one browser: each test goes on where the one before it ended, as a person would.
describe.skipIf(chromiumPath === undefined)(`the page of the daemon in a browser (${without})`, () => {
  let folder: string;
  let maps: MapFiles;
  let daemon: DaemonProcess;
  let browser: Browser;
  let context: BrowserContext;
  let viewer: ViewerPage;
  let quickInputs: Draft | undefined;

  beforeAll(async () => {
    folder = await folderOfFile();
    maps = await writeMaps(folder, n);
    daemon = await new DaemonProcess(join(folder, 'home')).connected();
    browser = await launch();
    context = await newContext(browser);
    viewer = await ViewerPage.open(context, daemon.client);
  });
  afterAll(async () => {
    await browser.close();
    await daemon.killed();
  });

  const choose = (parameters: Readonly<Record<string, unknown>>): Promise<void> =>
    viewer.page.evaluate((given) => window.locscaleViewer?.bench.choose({ parameters: given }), parameters);
  /** Presses Sharpen and waits until the new job is in the list. */
  const sharpen = async (): Promise<void> => {
    const newest = (): Promise<string | undefined> =>
      viewer.page.evaluate(() => window.locscaleViewer?.bench.jobs.jobs.value[0]?.id);
    const before = await newest();
    await viewer.page.locator('.locscale-sharpen').click();
    await expect.poll(newest, patient).not.toBe(before);
  };
  const add = async (name: string, role: 'confidence' | 'context', voxels: Float32Array): Promise<string> => {
    const volume = await upload(daemon, voxels, grid(n));
    const [map] = (await daemon.client.call('viewer.get')).maps;
    if (map === undefined) throw new Error('nothing is on the screen');
    await daemon.client.call('viewer.add', { volume, of: map.id, name, role });
    return volume;
  };

  it('opens by an address whose code is gone at once, with nothing from elsewhere and at most 1.2 MB', () => {
    expect(viewer.page.url()).not.toMatch(/code|token|key/);
    expect(viewer.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(viewer.origin))).toEqual([]);
    const built = join(import.meta.dirname, '../../plugins/molstar/dist/page');
    const loaded = readFileSync(join(built, 'index.html'), 'utf8').match(/assets\/[^"]+/g) ?? [];
    expect(loaded.length).toBe(2);
    const bytes = loaded.reduce((sum, name) => sum + gzipSync(readFileSync(join(built, name)), { level: 9 }).length, 0);
    expect(bytes).toBeLessThanOrEqual(1_200_000);
  });

  it('takes dropped files, knows half maps, reference and mask by their names, and draws the map', async () => {
    await viewer.drop(maps.half1, maps.half2, maps.reference, maps.mask);
    const { triangles, type } = await viewer.shows('original');
    expect(type).toBe('mesh');
    expect(triangles).toBeGreaterThan(500);
    const chosen = await viewer.page
      .locator('select')
      .evaluateAll((all) => all.map((each) => (each as HTMLSelectElement).selectedOptions[0]?.title));
    expect(chosen).toEqual(
      expect.arrayContaining([
        'Reference map',
        `run_${n}_half1_class001_unfil.mrc`,
        `reference_${n}.mrc`,
        `mask_${n}.mrc`,
      ]),
    );
    const { drawn, grey } = await viewer.colours();
    expect(drawn).toBeGreaterThan(500);
    expect(grey).toBeGreaterThan(drawn / 2);
    await viewer.picture('1-loaded');
  });

  it('sharpens at a press of the button, and the result takes the place of the original on the screen', async () => {
    await choose({ windowSize: 10 });
    await sharpen();
    await viewer.job('done');
    await viewer.shows('sharpened');
    expect((await viewer.drawn()).find(({ slot }) => slot.endsWith('/original'))?.visible).toBe(false);
    const { blue, drawn } = await viewer.colours();
    expect(blue).toBeGreaterThan(drawn / 2);
    await viewer.picture('2-sharpened');
  });

  it('replaces a result in place: same node, same representation, same level in σ, same view', async () => {
    const look = () =>
      viewer.page.evaluate(() => {
        const { plugin, bench } = window.locscaleViewer ?? {};
        const map = bench?.scene.maps.value.find(({ slot }) => slot.endsWith('/sharpened'));
        const cell = plugin?.state.data.cells.get(`locscale:surface:${map?.slot}`);
        const repr = (cell?.obj?.data as { repr: { seen?: boolean } } | undefined)?.repr;
        const seenBefore = repr?.seen === true;
        if (repr !== undefined) repr.seen = true;
        const { position, target } = plugin?.canvas3d?.camera.state ?? {};
        return {
          seenBefore,
          source: map?.source?.volumes[0],
          level: map?.level?.sigma,
          absolute: map?.level?.absolute,
          camera: [...(position ?? []), ...(target ?? [])],
        };
      });
    await viewer.page.locator('input[type=number][aria-label*="σ"]').first().fill('3.5');
    await viewer.page.waitForFunction(() =>
      window.locscaleViewer?.bench.scene.maps.value.some(({ level }) => level?.sigma === 3.5),
    );
    const before = await look();
    const { version } = await viewer.shows('sharpened');
    await choose({ windowSize: 24 });
    await sharpen();
    await viewer.shows('sharpened', (drawn) => drawn.version > version);
    const after = await look();
    expect(after.source).not.toBe(before.source);
    expect(after.seenBefore).toBe(true);
    expect(after.level).toBe(3.5);
    expect(after.absolute).not.toBe(before.absolute);
    expect(after.camera).toEqual(before.camera);
  });

  it('keeps neither textures nor voxels of maps that were replaced', async () => {
    const session = await context.newCDPSession(viewer.page);
    const replace = (times: number) =>
      viewer.page.evaluate(async (count) => {
        const { bench, plugin } = window.locscaleViewer ?? {};
        const map = bench?.scene.maps.value.find(({ look }) => look?.visible === true);
        if (bench === undefined || map?.source === undefined) throw new Error('nothing is shown');
        const { slot, role, label, source } = map;
        for (let i = 0; i < count; i++) await bench.scene.put({ slot, role, label, source });
        return plugin?.canvas3d?.webgl.resources.getByteCounts().texture;
      }, times);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    const textures = await replace(5);
    const before = await heap();
    expect(await replace(50)).toBe(textures);
    // A tenth of what 50 maps of this size hold.
    expect((await heap()) - before).toBeLessThan(0.1 * 50 * 4 * n ** 3);
    await session.detach();
  });

  it('colours by confidence with a legend, paints again when the scores change, and hides what is not sure', async () => {
    await add('confidence', 'confidence', scores(n));
    await viewer.button('confidence').click();
    await viewer.shows('sharpened', ({ colour }) => colour.startsWith('vertex'));
    expect(await viewer.page.locator('[data-name="legend"]').innerText()).toMatch(
      /confidence[\s\S]*≤ -100[\s\S]*≥ 100/,
    );
    const before = await viewer.colours();
    expect(before.green).toBeGreaterThan(before.drawn / 10);
    await viewer.picture('3-confidence');
    const again = (volume: string) => daemon.client.call('viewer.toggle', { volume, what: 'confidence', on: true });
    await again(await add('confidence', 'confidence', new Float32Array(n ** 3).fill(95)));
    await expect.poll(async () => (await viewer.colours()).red, patient).toBeGreaterThan(4 * before.red + 125);
    await again(await add('confidence', 'confidence', scores(n)));
    await expect.poll(async () => (await viewer.colours()).green, patient).toBeGreaterThan(before.drawn / 10);
    const { triangles } = await viewer.shows('sharpened');
    await viewer.button('hide-doubtful').click();
    await viewer.page.locator('input[type=number][aria-label="hide below, %"]').fill('60');
    await viewer.shows('sharpened', (drawn) => drawn.triangles < 0.9 * triangles);
    await viewer.picture('4-hidden-below-60');
    await viewer.button('hide-doubtful').click();
    await viewer.shows('sharpened', (drawn) => drawn.triangles === triangles);
    await viewer.button('confidence').click();
    await viewer.shows('sharpened', ({ colour }) => colour === 'uniform');
  });

  it('goes between original and result, and shows or cuts away the detergent', async () => {
    await viewer.button('show-original').click();
    await viewer.shows('original');
    expect((await viewer.drawn()).find(({ slot }) => slot.endsWith('/sharpened'))?.visible).toBe(false);
    await viewer.button('show-sharpened').click();
    const { triangles } = await viewer.shows('sharpened');
    await add('context', 'context', leftHalf(n));
    await viewer.button('context-on').click();
    await viewer.shows('context');
    await viewer.picture('5-detergent');
    await viewer.button('context-off').click();
    await viewer.shows('sharpened', (drawn) => drawn.triangles < 0.8 * triangles);
    await viewer.picture('6-detergent-cut-away');
    await viewer.button('context-on').click();
    await viewer.shows('sharpened', (drawn) => drawn.triangles === triangles);
  });

  it('shows the same in another tab, and what is switched there is switched here', async () => {
    const other = await ViewerPage.open(context, daemon.client);
    const there = await other.shows('sharpened');
    expect(there.triangles).toBe((await viewer.shows('sharpened')).triangles);
    await other.button('show-original').click();
    await viewer.shows('original');
    await viewer.button('show-sharpened').click();
    await other.shows('sharpened');
    expect(other.errors).toEqual([]);
    await other.page.close();
  });

  it('is the same after being loaded again, without a code', async () => {
    const before = await viewer.shows('sharpened');
    await viewer.reload();
    const after = await viewer.shows('sharpened');
    expect(after.triangles).toBe(before.triangles);
    await viewer.job('done');
    expect(await viewer.page.locator('select').nth(1).inputValue()).toMatch(/^vol-/);
  });

  it('cancels a running job', async () => {
    quickInputs = await viewer.page.evaluate(() => window.locscaleViewer?.bench.draft.value);
    const { half1, half2, reference, mask } = await writeMaps(folder, slowEdge);
    await viewer.drop(half1, half2, reference, mask);
    await viewer.shows('original', ({ slot }) => !slot.startsWith(String(quickInputs?.halfMaps[0])));
    await choose(slow);
    await sharpen();
    await viewer.job('running');
    const before = await viewer.colours();
    // What is final already stands in the original, in the colour of results.
    await viewer.shows('preview');
    const during = await viewer.colours();
    expect(during.blue).toBeGreaterThan(before.blue + 125);
    expect(during.grey).toBeGreaterThan(125);
    await viewer.picture('7-first-block');
    await viewer.page.locator('[data-name="cancel"]').first().click();
    expect(await viewer.job('cancelled')).toContain('cancelled');
    await expect.poll(async () => (await viewer.drawn()).map(({ slot }) => slot).join()).not.toContain('/preview');
    expect((await viewer.colours()).blue).toBeLessThan(during.blue / 4);
    await viewer.page.locator('[data-name="remove"]').last().click();
    await expect
      .poll(async () => (await viewer.drawn()).filter(({ slot }) => slot.endsWith('/original')).length)
      .toBeLessThan(2);
  });

  it('keeps the scene when the daemon dies in the middle of a job, and goes on with the next one', async () => {
    await choose(slow);
    await sharpen();
    await viewer.job('running');
    await daemon.killed();
    await viewer.page.locator('[data-name="link"]').waitFor();
    await viewer.picture('7-daemon-away');
    expect((await viewer.colours()).drawn).toBeGreaterThan(125);
    await daemon.again();
    await viewer.ready();
    expect(await viewer.job('interrupted')).toContain('interrupted');
    await viewer.shows('sharpened');
    await viewer.page.locator('[data-name="remove"]').last().click();
    await viewer.page.evaluate((draft) => window.locscaleViewer?.bench.choose(draft ?? {}), quickInputs);
    await choose({ windowSize: 12 });
    await sharpen();
    await viewer.job('done');
    await viewer.picture('8-after-restart');
  });

  it('writes the map and its report where told, and opens the report', async () => {
    const path = join(folder, 'saved.mrc');
    await viewer.page.locator('[data-name="save-as"]').fill(path);
    await choose({ windowSize: 10, report: true });
    await sharpen();
    await viewer.job('done');
    expect(existsSync(path)).toBe(true);
    const opened = context.waitForEvent('page');
    await viewer.button('report').first().click();
    const report = await opened;
    await expect.poll(() => report.locator('body').innerText(), patient).toMatch(/reference-map|LocScale/);
    await report.close();
    await viewer.page.locator('[data-name="save-as"]').fill('');
    await choose({ windowSize: 10 });
  });

  it('works from the keyboard', async () => {
    await viewer.page.locator('[data-name="path"]').focus();
    await viewer.page.keyboard.type(maps.reference);
    await viewer.page.keyboard.press('Enter');
    await viewer.page.waitForFunction(
      (name) => window.locscaleViewer?.bench.volumes.value.filter((volume) => volume.name === name).length === 2,
      `reference_${n}.mrc`,
    );
    await viewer.button('show-original').focus();
    await viewer.page.keyboard.press('Enter');
    await viewer.shows('original');
    const slider = viewer.page.locator('input[type=range][aria-label="level of original"]');
    await slider.focus();
    const level = Number(await slider.inputValue());
    await viewer.page.keyboard.press('ArrowRight');
    await expect.poll(async () => Number(await slider.inputValue()), patient).toBeGreaterThan(level);
  });

  it.each([
    ['nonsense.mrc', Buffer.from('this is no map at all\n'.repeat(100)), /nonsense\.mrc/],
    ['empty.map', Buffer.alloc(0), /empty\.map/],
  ])('says in one sentence that %s is not a map', async (name, bytes, message) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    await viewer.drop(path);
    await expect.poll(() => viewer.problem(), patient).toMatch(message);
    await viewer.shows('original');
  });

  it('says that a file of 2 GB is no map, without sending it', async () => {
    const path = join(folder, 'large.mrc');
    writeFileSync(path, '');
    await truncate(path, 2 ** 31 + 4096);
    await viewer.choose(path);
    await expect.poll(() => viewer.problem(), patient).toMatch(/large\.mrc/);
    expect(viewer.requests.filter((url) => url.includes('large.mrc'))).toEqual([]);
  });

  it('says what is wrong with half maps of two sizes', async () => {
    const small = await writeMaps(folder, 32);
    await viewer.page.evaluate(() =>
      window.locscaleViewer?.bench.choose({ volumes: {}, recipe: 'no-reference', recipeChosen: true, parameters: {} }),
    );
    await viewer.drop(small.half1);
    await viewer.page.waitForFunction(() =>
      window.locscaleViewer?.bench.mirror.maps.value.some(({ name }) => name === 'run_32_half1_class001_unfil.mrc'),
    );
    await viewer.page.evaluate(() => {
      const { bench } = window.locscaleViewer ?? {};
      const id = (name: string) => bench?.volumes.value.find((volume) => volume.name === name)?.id;
      bench?.choose({
        halfMaps: [id('run_32_half1_class001_unfil.mrc'), id('run_48_half2_class001_unfil.mrc')],
        volumes: {},
      });
    });
    await viewer.page.locator('.locscale-sharpen').click();
    await expect.poll(() => viewer.problem(), patient).toMatch(/32.*48|48.*32/s);
    await viewer.picture('9-wrong-pair');
  });

  it('tells a browser without WebGL 2 so in a sentence', async () => {
    const other = await launch(['--disable-gpu', '--disable-software-rasterizer', '--disable-3d-apis']);
    try {
      const page = await (await newContext(other)).newPage();
      await page.goto((await daemon.client.call('viewer.page')).url);
      await expect.poll(() => page.locator('#message').innerText(), patient).toMatch(/no WebGL 2/);
    } finally {
      await other.close();
    }
  });

  it('has asked nobody else and met no error of its own', () => {
    expect(viewer.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(viewer.origin))).toEqual([]);
    // The browser itself reports connections that the killed daemon refused, and uploads that were refused.
    expect(
      viewer.errors.filter((text) => !/ERR_CONNECTION|WebSocket connection|Failed to load resource/.test(text)),
    ).toEqual([]);
  });
});
