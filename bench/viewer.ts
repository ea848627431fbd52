import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { volumeSchema } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { chromium, type Page } from 'playwright-core';
import { seededRandom } from './data/random.js';
import { type SyntheticMaps, syntheticMaps } from './data/synthetic-maps.js';
import { withWorkplace, type Workplace } from './locscale.js';
import type { Bench } from './measurement.js';

const edge = 256;
/** Seconds from the press of Sharpen to the first pixels of the result that the project wants, drawing in software. */
const goal = 2;
/** Seconds for all voxels of such a map. */
const fetchGoal = 0.3;
const replacements = 50;

/** Drawn in software, so that the numbers are those of any machine without a graphics processor. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const memory = ['--enable-precise-memory-info', '--js-flags=--expose-gc'];

/**
 * Runs in the page: presses the button and resolves with the milliseconds until the graphics processor has finished the first
 * frame with voxels of the new result in it in which one pixel in a hundred is another one, looked at in a small copy of the canvas. Frames are looked at when they are
 * finished and not before: looking at an unfinished one would make the page wait for it.
 */
const untilPixelsChange = `new Promise((resolve) => {
  const { canvas3d } = locscaleViewer.plugin;
  const { scene } = locscaleViewer.bench;
  const versions = () => JSON.stringify(scene.maps.value.filter(({ role, look }) => role !== 'original' && look?.visible).map(({ slot, version }) => [slot, version]));
  const shown = versions();
  const { gl } = canvas3d.webgl;
  const canvas = document.querySelector('#viewer canvas');
  const small = Object.assign(document.createElement('canvas'), { width: 200, height: 120 }).getContext('2d', { willReadFrequently: true });
  const look = () => (small.drawImage(canvas, 0, 0, 200, 120), small.getImageData(0, 0, 200, 120).data.slice());
  const before = look();
  const start = performance.now();
  let fence = null;
  const poll = () => {
    if (fence === null) return;
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) return void setTimeout(poll, 5);
    fence = null;
    const now = look();
    let changed = 0;
    for (let i = 0; i < now.length; i += 4) changed += Math.abs(now[i] - before[i]) + Math.abs(now[i + 2] - before[i + 2]) > 24;
    if (changed <= 240) return;
    frames.unsubscribe();
    resolve(performance.now() - start);
  };
  const frames = canvas3d.didDraw.subscribe(() => {
    if (versions() === shown) return;
    fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    setTimeout(poll, 0);
  });
  document.querySelector('.locscale-sharpen').click();
})`;

/** Runs in the page: shows the original again, so that the next result is another picture. */
const showOriginal = `(() => {
  const { mirror } = locscaleViewer.bench;
  return mirror.change('viewer.toggle', { volume: mirror.maps.value[0].id, what: 'original', on: true });
})()`;

/** Runs in the page: resolves when nothing of the scene has changed for two seconds and no part of a running job is shown. */
const untilSettled = `new Promise((resolve) => {
  const { scene } = locscaleViewer.bench;
  let last = '';
  let since = 0;
  const look = () => {
    const now = JSON.stringify(scene.maps.value.map(({ slot, version, look }) => [slot, version, look?.visible]));
    const isBusy = scene.maps.value.some(({ role }) => role === 'preview') || !scene.maps.value.some(({ look }) => look?.visible);
    if (isBusy || now !== last) since = performance.now();
    last = now;
    if (performance.now() - since > 2000) resolve();
    else setTimeout(look, 100);
  };
  look();
})`;

/** Runs in the page: fetches all voxels of a volume, as the scene does, and resolves with the median of the milliseconds. */
const fetchWhole = (volume: string): string => `(async () => {
  const { store } = locscaleViewer.bench.scene;
  const times = [];
  for (let i = 0; i < 7; i++) {
    const start = performance.now();
    await store.fetch({ volumes: ['${volume}'], step: 1 });
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[3];
})()`;

/** Runs in the page: replaces the visible map by each volume in turn and resolves with heap and textures after the 10th and the last time. */
const replaceInTurn = (volumes: readonly string[]): string => `(async () => {
  const { scene } = locscaleViewer.bench;
  const { slot, role, label } = scene.maps.value.find(({ look }) => look?.visible);
  const volumes = ${JSON.stringify(volumes)};
  const state = async () => (await new Promise((resolve) => setTimeout(resolve, 500)), gc(), gc(), { heap: performance.memory.usedJSHeapSize, textures: locscaleViewer.plugin.canvas3d.webgl.stats.resourceCounts.texture });
  let early;
  for (let i = 0; i < ${replacements}; i++) {
    await scene.put({ slot, role, label, source: { volumes: [volumes[i % volumes.length]], step: 1 } });
    if (i === 9) early = await state();
  }
  return { early, late: await state() };
})()`;

export const viewerBench: Bench = {
  name: 'viewer',
  about: `the page in Chromium, drawing in software, with half maps of ${edge}³, a reference and a mask; on the clock`,
  run: ({ report, note }) =>
    withWorkplace(async (workplace) => {
      const maps = await syntheticMaps(edge);
      const files = await writeMaps(workplace, maps);
      const { url, token } = await workplace.daemon();
      const client = await connect(url, { token });
      const browser = await chromium.launch({
        executablePath: onPath('chromium'),
        headless: true,
        args: [...flags, ...memory],
      });
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, bypassCSP: true });
        await page.goto((await client.call('viewer.page')).url);
        await page.waitForFunction(`globalThis.locscaleViewer?.bench.link.state.value.kind === 'online'`);
        for (const path of files) await page.evaluate(`locscaleViewer.bench.openPath(${JSON.stringify(path)})`);
        await settled(page);
        for (const attempt of ['first', 'second']) {
          const ms = Number(await page.evaluate(untilPixelsChange));
          report({
            case: `${attempt} press of Sharpen to changed pixels`,
            value: ms / 1000,
            unit: 's',
            against: { what: 'goal', value: goal, goal: 1 },
          });
          await page.waitForSelector('.locscale-jobs li:first-child[data-state=done]');
          await settled(page);
          await page.evaluate(showOriginal);
          await settled(page);
          // Another window, so that the next run computes anew.
          await page.evaluate(`locscaleViewer.bench.choose({ parameters: { windowSize: 28 } })`);
        }
        const volumes = volumeSchema.array().parse(await client.call('volume.list'));
        const shown = volumes.filter(({ name }) => !name.startsWith('mask')).map(({ id }) => id);
        const [whole = ''] = shown;
        report({
          case: `${(4 * edge ** 3) / 1024 ** 2} MiB by HTTP into the page`,
          value: Number(await page.evaluate(fetchWhole(whole))) / 1000,
          unit: 's',
          against: { what: 'goal', value: fetchGoal, goal: 1 },
        });
        type State = Readonly<Record<'heap' | 'textures', number>>;
        const { early, late } = await page.evaluate<Record<'early' | 'late', State>>(replaceInTurn(shown));
        const MiB = 1024 ** 2;
        report({
          case: `heap after ${replacements} replacements`,
          value: late.heap / MiB,
          unit: 'MiB',
          against: { what: 'after 10', value: early.heap / MiB },
        });
        report({
          case: `textures after ${replacements} replacements`,
          value: late.textures,
          unit: '',
          against: { what: 'after 10', value: early.textures },
        });
        note(`JavaScript heap and textures of the page, maps of ${edge}³ voxels`);
      } finally {
        await browser.close();
        client.close();
      }
    }),
};

/** playwright-core wants a whole path. */
function onPath(command: string): string {
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${command} is not installed: apt-get install ${command}`);
  return found;
}

async function settled(page: Page): Promise<void> {
  await page.evaluate(untilSettled);
}

async function writeMaps({ folder }: Workplace, maps: SyntheticMaps): Promise<readonly string[]> {
  const { shape } = maps;
  const grid = {
    shape: [...shape] as [number, number, number],
    voxelSize: [1.2, 1.2, 1.2] as [number, number, number],
    origin: [0, 0, 0] as [number, number, number],
  };
  const contents = {
    'run_half1.mrc': half(maps.map, 1),
    'run_half2.mrc': half(maps.map, 2),
    'reference.mrc': maps.reference,
    'mask.mrc': Float32Array.from(maps.compact),
  };
  return Promise.all(
    Object.entries(contents).map(async ([name, voxels]) => {
      const path = join(folder, name);
      await writeVolume(path, { grid, voxels });
      return path;
    }),
  );
}

/** The map with a little noise of its own, 2 % of its standard deviation. */
function half(map: Float32Array, seed: number): Float32Array {
  const random = seededRandom(seed);
  const deviation = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0) / map.length);
  return map.map((value) => value + 0.02 * deviation * random.normal());
}
