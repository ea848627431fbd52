import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RpcClient } from '@chimerax-like/rpc';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { SideBySide } from '@locscale/molstar';
import type { Workbench } from '@locscale/molstar/core';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { connectTo } from '../../daemon/helpers/processes.js';

declare global {
  interface Window {
    readonly locscaleViewer?: {
      readonly plugin: PluginContext;
      readonly bench: Workbench;
      readonly sides: SideBySide;
    };
  }
}

const program = fileURLToPath(new URL('../../../daemon/dist/server/main.js', import.meta.url));

/** Screenshots of the last run, for people to look at. */
export const pictures = fileURLToPath(new URL('../../../.cache/screenshots/', import.meta.url));

/** What a surface of the scene is made of, read from Mol*'s render object. */
export interface Drawn {
  readonly slot: string;
  readonly version: number;
  readonly visible: boolean;
  readonly triangles: number;
  readonly type: string;
  readonly colour: string;
}

/** The page of a daemon in a browser, and all that went wrong in it. */
export class ViewerPage {
  readonly page: Page;
  readonly origin: string;
  readonly requests: string[] = [];
  readonly errors: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.origin = origin;
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Opens the page as `locscale view` does: by an address that works once. */
  static async open(context: BrowserContext, client: RpcClient): Promise<ViewerPage> {
    return ViewerPage.at(context, (await client.call('viewer.page')).url);
  }

  /** Opens the page at an address that works once. */
  static async at(context: BrowserContext, url: string): Promise<ViewerPage> {
    const viewer = new ViewerPage(await context.newPage(), new URL(url).origin);
    await viewer.page.goto(url);
    await viewer.ready();
    return viewer;
  }

  /** The viewer exists and the daemon answers. From then on it draws a quarter of the pixels: in software those are what a frame costs. */
  async ready(): Promise<void> {
    await this.page.waitForFunction(() => window.locscaleViewer?.bench.link.state.value.kind === 'online');
    await this.page.evaluate(() => window.locscaleViewer?.plugin.canvas3dContext?.setProps({ pixelScale: 0.5 }));
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Chooses files in the panel. */
  async choose(...paths: string[]): Promise<void> {
    await this.page.locator('.locscale-drop input').setInputFiles(paths);
  }

  /** Drops files as a person does: onto what Mol* shows when something is dragged over it. */
  async drop(...paths: string[]): Promise<void> {
    const files = paths.map((path) => ({ name: basename(path), text: readFileSync(path).toString('base64') }));
    const dataTransfer = await this.page.evaluateHandle((given) => {
      const transfer = new DataTransfer();
      for (const { name, text } of given)
        transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
      return transfer;
    }, files);
    await this.page.dispatchEvent('.msp-plugin > div', 'dragenter', { dataTransfer });
    await this.page.dispatchEvent('.msp-drag-drop-overlay', 'drop', { dataTransfer });
  }

  /** Waits until the picture stands still, and returns what is drawn. */
  async drawn(): Promise<readonly Drawn[]> {
    return this.page.evaluate(() => {
      const bench = window.locscaleViewer?.bench;
      const cells = window.locscaleViewer?.plugin.state.data.cells;
      return (bench?.scene.maps.value ?? []).flatMap(({ slot, version }) => {
        const data: unknown = cells?.get(`locscale:surface:${slot}`)?.obj?.data;
        const [object] = (data as { repr?: { renderObjects: RenderObject[] } } | undefined)?.repr?.renderObjects ?? [];
        if (object === undefined) return [];
        const { drawCount, dColorType } = object.values;
        return [
          {
            ...{ slot, version, visible: object.state.visible, type: object.type },
            triangles: drawCount.ref.value / 3,
            colour: dColorType.ref.value,
          },
        ];
      });
    });
  }

  /** Resolves once a surface of the layer is drawn and visible. */
  async shows(layer: string, holds: (drawn: Drawn) => boolean = () => true): Promise<Drawn> {
    const deadline = performance.now() + patience;
    for (;;) {
      const found = (await this.drawn()).find(
        ({ slot, visible, triangles }) => slot.endsWith(`/${layer}`) && visible && triangles > 1,
      );
      if (found !== undefined && holds(found)) return found;
      if (performance.now() > deadline)
        throw new Error(`${layer} is not shown so: ${JSON.stringify(await this.drawn())}`);
      await this.page.waitForTimeout(100);
    }
  }

  /** Shares of the picture by colour; the background is nearly white. */
  async colours(): Promise<Colours> {
    return this.page.evaluate(async () => {
      const canvas3d = window.locscaleViewer?.plugin.canvas3d;
      canvas3d?.commit(true);
      canvas3d?.requestDraw();
      for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const source = document.querySelector<HTMLCanvasElement>('#viewer canvas');
      if (source === null) throw new Error('the page has no canvas');
      const copy = document.createElement('canvas');
      copy.width = source.width;
      copy.height = source.height;
      const context = copy.getContext('2d');
      if (context === null) throw new Error('no 2D context');
      context.drawImage(source, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const count = { drawn: 0, grey: 0, blue: 0, red: 0, green: 0, yellow: 0 };
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3);
        if (r > 235 && g > 235 && b > 235) continue;
        count.drawn++;
        const spread = Math.max(r, g, b) - Math.min(r, g, b);
        if (spread < 32) count.grey++;
        else if (b > r + 24 && b >= g) count.blue++;
        else if (r > g + 24 && r > b + 24) count.red++;
        else if (r > b + 40 && g > b + 40 && Math.abs(r - g) < 60) count.yellow++;
        else if (g > r && g > b) count.green++;
      }
      return count;
    });
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** Triangles and camera of each pane beside the main view, and of the main view itself. */
  async panes(): Promise<readonly PaneLook[]> {
    return this.page.evaluate(() => {
      const { plugin, sides } = window.locscaleViewer ?? {};
      const look = (seen: PluginContext | undefined, layer: string, slot: string | undefined) => {
        const data: unknown = seen?.state.data.cells.get(`locscale:surface:${slot}`)?.obj?.data;
        const [object] = (data as { repr?: { renderObjects: RenderObject[] } } | undefined)?.repr?.renderObjects ?? [];
        const { position = [], target = [] } = seen?.canvas3d?.camera.state ?? {};
        return {
          layer,
          triangles: (object?.values.drawCount.ref.value ?? 0) / 3,
          camera: [...position, ...target].map((value) => Number(value.toFixed(3))),
          width: seen?.canvas3d?.webgl.gl.canvas.width ?? 0,
        };
      };
      return [
        look(plugin, 'main', undefined),
        ...(sides?.panes.value ?? []).map((pane) => look(pane.plugin, pane.place.layer, pane.slot)),
      ];
    });
  }

  button(name: string): Locator {
    return this.page.locator(`button[data-name="${name}"]`);
  }

  /** The sentence that the panel shows about what went wrong. */
  async problem(): Promise<string> {
    return this.page.locator('[data-name="problem"]').innerText();
  }

  /** State of the newest job, once it is one of these. */
  async job(...states: string[]): Promise<string> {
    const line = this.page.locator('.locscale-jobs li').first();
    await line.and(this.page.locator(states.map((state) => `[data-state="${state}"]`).join(','))).waitFor();
    return line.innerText();
  }
}

export interface PaneLook {
  readonly layer: string;
  readonly triangles: number;
  readonly camera: readonly number[];
  readonly width: number;
}

export interface Colours {
  readonly drawn: number;
  readonly grey: number;
  readonly blue: number;
  readonly red: number;
  readonly green: number;
  readonly yellow: number;
}

interface RenderObject {
  readonly type: string;
  readonly state: { readonly visible: boolean };
  readonly values: {
    readonly drawCount: { readonly ref: { readonly value: number } };
    readonly dColorType: { readonly ref: { readonly value: string } };
  };
}

/** A daemon in a process of its own that can be killed and started again with the same state. */
export class DaemonProcess {
  readonly home: string;
  child: ChildProcess;
  client!: RpcClient;
  url = '';
  token = '';

  readonly #env: NodeJS.ProcessEnv;

  constructor(home: string, env: NodeJS.ProcessEnv = {}) {
    this.home = home;
    this.#env = env;
    this.child = this.#start();
  }

  #start(): ChildProcess {
    const env = { ...process.env, ...this.#env, LOCSCALE_HOME: this.home };
    return spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async connected(): Promise<this> {
    Object.assign(this, await connectTo(this.home, this.child.pid));
    return this;
  }

  /** As after a power cut. */
  async killed(): Promise<void> {
    this.client.close();
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }

  async again(): Promise<void> {
    this.child = this.#start();
    await this.connected();
  }
}

/** A limit against hanging, not a measure of speed. */
export const patience = 100_000;

export async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  context.setDefaultTimeout(patience);
  return context;
}
