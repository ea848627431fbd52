import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { volumeSchema } from '@chimerax-like/rpc';
import { connect } from '@chimerax-like/rpc/ws';
import { writeVolume } from '@locscale/daemon/dist/volumes/index.js';
import { chromium, type Page } from 'playwright-core';
import { type SyntheticMaps, syntheticMaps } from './data/synthetic-maps.js';
import { withWorkplace, type Workplace } from './locscale.js';
import type { Bench } from './measurement.js';

const edge = 256;
/** Seconds from the press of Sharpen to the first pixels of the result that the project wants, drawing in software. */
const goal = 2;
const replacements = 50;

/** Drawn in software, so that the numbers are those of any machine without a graphics processor. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const memory = ['--enable-precise-memory-info', '--js-flags=--expose-gc'];

/**
 * Runs in the page: presses the button and resolves with the milliseconds to the first frame in which one pixel in a hundred is
 * another one, looked at in a small copy of the canvas.
 */
const untilPixelsChange = `new Promise((resolve) => {
  const canvas = document.querySelector('#viewer canvas');
  const small = Object.assign(document.createElement('canvas'), { width: 200, height: 120 }).getContext('2d', { willReadFrequently: true });
  const look = () => (small.drawImage(canvas, 0, 0, 200, 120), small.getImageData(0, 0, 200, 120).data.slice());
  const before = look();
  const start = performance.now();
  document.querySelector('.locscale-sharpen').click();
  const frame = () => {
    const now = look();
    let changed = 0;
    for (let i = 0; i < now.length; i += 4) changed += Math.abs(now[i] - before[i]) + Math.abs(now[i + 2] - before[i + 2]) > 24;
    if (changed > 240) resolve(performance.now() - start);
    else requestAnimationFrame(frame);
  };
  frame();
})`;

/** Runs in the page: replaces the visible map by each volume in turn and resolves with heap and textures after the 10th and the last time. */
const replaceInTurn = (volumes: readonly string[]): string => `(async () => {
  const { scene } = locscaleViewer.bench;
  const { slot, role, label } = scene.maps.value.find(({ look }) => look?.visible);
  const volumes = ${JSON.stringify(volumes)};
  const state = () => (gc(), { heap: performance.memory.usedJSHeapSize, textures: locscaleViewer.plugin.canvas3d.webgl.stats.resourceCounts.texture });
  let early;
  for (let i = 0; i < ${replacements}; i++) {
    await scene.put({ slot, role, label, source: { volumes: [volumes[i % volumes.length]], step: 1 } });
    if (i === 9) early = state();
  }
  return { early, late: state() };
})()`;

export const viewerBench: Bench = {
  name: 'viewer',
  about: `the page in Chromium, drawing in software, with a ${edge}³ map, its reference and a mask; on the clock`,
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
          // Another window, so that the next run computes anew.
          await page.evaluate(`locscaleViewer.bench.choose({ parameters: { windowSize: 28 } })`);
        }
        const volumes = volumeSchema.array().parse(await client.call('volume.list'));
        const shown = volumes.filter(({ name }) => !name.startsWith('mask')).map(({ id }) => id);
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

/** Waits until the full map is drawn. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    `locscaleViewer.bench.scene.maps.value.some(({ look, source }) => look?.visible && source.step === 1) && !locscaleViewer.plugin.behaviors.state.isUpdating.value`,
  );
  await page.waitForTimeout(1500);
}

async function writeMaps({ folder }: Workplace, maps: SyntheticMaps): Promise<readonly string[]> {
  const { shape } = maps;
  const grid = {
    shape: [...shape] as [number, number, number],
    voxelSize: [1.2, 1.2, 1.2] as [number, number, number],
    origin: [0, 0, 0] as [number, number, number],
  };
  const contents = {
    'map.mrc': maps.map,
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
