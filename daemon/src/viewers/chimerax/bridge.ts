import {
  type JobId,
  type Layer,
  LocScaleError,
  type Scene as SceneState,
  type SceneMap,
  type VolumeId,
} from '@chimerax-like/rpc';
import {
  levelCommand,
  originCommand,
  plainCommand,
  quotedPath,
  sampleCommand,
  showCommand,
  transparencyCommand,
  wantedLevel,
} from './command-text.js';
import { enclosedVolume, findAgain, openModel, type OpenModel, openModels } from './models.js';
import type { RestClient } from './rest-client.js';

/** How a file of a volume is found that ChimeraX can open. */
export interface LayerFile {
  readonly path: string;
  /** Where its first voxel lies, Å (x, y, z), when the file may say otherwise; null for files of ours. */
  readonly origin: readonly number[] | null;
}

export interface BridgeParts {
  readonly client: RestClient;
  /** Whether ChimeraX has our bundle: then only results are announced, and it does the rest over its own connection. */
  readonly bundle: boolean;
  readonly scene: () => SceneState;
  /** The file of a volume; written when there is none with a name that ChimeraX can read. */
  readonly file: (volume: VolumeId, copy: boolean) => Promise<LayerFile>;
  /** Says what went wrong last, null when a whole round went well. */
  readonly onProblem: (problem: string | null) => void;
  /** Nobody answers any more. */
  readonly onGone: () => void;
  /** Pause before an address that does not answer is tried again, ms. */
  readonly retryMs?: number;
}

/** What ChimeraX shows of a layer, as far as we know. */
interface Shown {
  model: OpenModel;
  visible: boolean;
  /** Commands that set level, colour and opacity last, by what they set. */
  readonly set: Map<string, string>;
}

/** Rounds that may fail one after the other because nobody answers. */
const mostSilentRounds = 3;

/**
 * Makes one ChimeraX show the scene: compares what is wanted with what was sent, and sends the difference. So a slow
 * ChimeraX gets the newest state and not all that were in between, and a command that failed is not repeated for ever.
 */
export class Bridge {
  readonly #parts: BridgeParts;
  readonly #shown = new Map<VolumeId, Shown>();
  /** Layers that the user closed in ChimeraX, until they are hidden and shown again. */
  readonly #closedByHand = new Set<VolumeId>();
  readonly #applied = new Set<JobId>();
  #wanted = 0;
  #done = 0;
  #silent = 0;
  #running = false;
  #stopped = false;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    // The bundle takes over the scene as it is when it connects.
    for (const { job } of parts.scene().maps.flatMap((map) => map.layers)) if (job !== null) this.#applied.add(job);
  }

  /** The scene has changed. */
  changed(): void {
    this.#wanted++;
    // Here and not in the round, which sees only the last of several changes.
    for (const { volume, visible } of this.#parts.scene().maps.flatMap((map) => map.layers))
      if (!visible) this.#closedByHand.delete(volume);
    if (!this.#running && !this.#stopped) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#parts.client.close();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#done < this.#wanted && !this.#stopped) {
      const target = this.#wanted;
      const problems: string[] = [];
      try {
        await (this.#parts.bundle ? this.#announce(problems) : this.#round(problems));
        this.#done = target;
        this.#silent = 0;
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
        if (++this.#silent >= mostSilentRounds) {
          this.#stopped = true;
          this.#parts.onGone();
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, this.#parts.retryMs ?? 2000).unref());
      }
      this.#parts.onProblem(problems[0] ?? null);
    }
    this.#running = false;
  }

  /** Has the bundle put the results of new jobs in place. */
  async #announce(problems: string[]): Promise<void> {
    for (const { job } of this.#parts.scene().maps.flatMap((map) => map.layers)) {
      if (job === null || this.#applied.has(job)) continue;
      await this.#try(problems, async () => {
        await this.#parts.client.run(`locscale apply ${job}`);
      });
      this.#applied.add(job);
    }
  }

  async #round(problems: string[]): Promise<void> {
    const { client, scene } = this.#parts;
    const { maps } = scene();
    await this.#findAgain();
    const layers = maps.flatMap((map) => map.layers.map((layer) => ({ map, layer })));
    const colouring = new Set(layers.flatMap(({ layer }) => (layer.visible ? [layer.colour?.by] : [])));
    const wanted = new Set(layers.map(({ layer }) => layer.volume));
    for (const [volume, { model }] of this.#shown)
      if (!wanted.has(volume) && !colouring.has(volume)) {
        await this.#try(problems, () => client.run(`close ${model.spec}`));
        this.#shown.delete(volume);
      }
    // What is coloured by has to be open before what it colours.
    for (const volume of colouring)
      if (volume !== undefined && volume !== null && !this.#shown.has(volume))
        await this.#try(problems, () => this.#open(volume, nameOf(layers, volume), false));
    for (const { map, layer } of layers) await this.#try(problems, () => this.#draw(map, layer, problems));
  }

  /** Looks where our models are now, and forgets those that the user has closed. */
  async #findAgain(): Promise<void> {
    if (this.#shown.size === 0) return;
    const open = await openModels(this.#parts.client);
    for (const [volume, shown] of this.#shown) {
      const found = findAgain(shown.model, open);
      if (found !== null) shown.model = found;
      else {
        this.#shown.delete(volume);
        if (shown.visible) this.#closedByHand.add(volume);
      }
    }
  }

  async #draw(map: SceneMap, layer: Layer, problems: string[]): Promise<void> {
    const { client } = this.#parts;
    if (layer.visible && !this.#shown.has(layer.volume) && !this.#closedByHand.has(layer.volume))
      await this.#open(layer.volume, `${map.name} ${layer.name}`, true);
    const shown = this.#shown.get(layer.volume);
    if (shown === undefined) return;
    if (shown.visible !== layer.visible) {
      await client.run(showCommand(shown.model.spec, layer.visible));
      shown.visible = layer.visible;
    }
    // A surface that is not drawn has nothing to colour, and its level can wait.
    if (!layer.visible) return;
    const set = (what: string, command: string): Promise<void> => this.#set(shown, what, command, problems);
    const { spec } = shown.model;
    const level = wantedLevel(layer);
    if (level !== null) await set('level', levelCommand(spec, level));
    else if (layer.role === 'result') await this.#likeOriginal(map, shown);
    const by = layer.colour?.by ? this.#shown.get(layer.colour.by)?.model.spec : undefined;
    if (layer.colour !== null && by !== undefined) await set('colour', sampleCommand(spec, by, layer.colour));
    else if (layer.colour?.plain || shown.set.has('colour'))
      await set('colour', plainCommand(spec, layer.colour?.plain ?? null));
    if (layer.opacity !== 1 || shown.set.has('opacity')) await set('opacity', transparencyCommand(spec, layer.opacity));
  }

  /**
   * Draws a result for the first time at the level that encloses what the original's surface does: sharpening changes the
   * scale, so the same number would show something else.
   */
  async #likeOriginal(map: SceneMap, shown: Shown): Promise<void> {
    const original = this.#shown.get(map.id);
    if (original === undefined || shown.set.has('level')) return;
    shown.set.set('level', '');
    const volume = await enclosedVolume(this.#parts.client, original.model.spec);
    if (volume !== null) await this.#parts.client.run(`volume ${shown.model.spec} encloseVolume ${Math.round(volume)}`);
  }

  /** Sends a command unless the same was sent last; what it sets is taken as set even when it failed. */
  async #set(shown: Shown, what: string, command: string, problems: string[]): Promise<void> {
    if (shown.set.get(what) === command) return;
    shown.set.set(what, command);
    await this.#try(problems, () => this.#parts.client.run(command), true);
  }

  async #open(volume: VolumeId, name: string, visible: boolean): Promise<void> {
    const { client, file } = this.#parts;
    let source = await file(volume, false);
    let path = quotedPath(source.path);
    if (path === null) {
      source = await file(volume, true);
      path = quotedPath(source.path);
    }
    if (path === null)
      throw new LocScaleError(
        'viewer.refused',
        `ChimeraX cannot be told the path ${source.path}; set LOCSCALE_HOME to a folder without quotes and semicolons.`,
      );
    const model = await openModel(client, path, name);
    this.#shown.set(volume, { model, visible: true, set: new Map() });
    if (source.origin !== null) await client.run(originCommand(model.spec, source.origin));
    if (visible) return;
    await client.run(showCommand(model.spec, false));
    this.#shown.set(volume, { model, visible: false, set: new Map() });
  }

  /** Notes what ChimeraX refuses and goes on; passes on that it does not answer. */
  async #try(problems: string[], work: () => Promise<unknown>, drawFirst = false): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof LocScaleError) || error.kind === 'viewer.unreachable') throw error;
      // A surface exists from the first frame on in which it is seen.
      if (drawFirst && /empty surface/i.test(error.message)) {
        await this.#try(problems, () => this.#parts.client.run('wait 1'));
        await this.#try(problems, work);
        return;
      }
      problems.push(error.message);
    }
  }
}

function nameOf(layers: readonly { readonly map: SceneMap; readonly layer: Layer }[], volume: VolumeId): string {
  const found = layers.find(({ layer }) => layer.volume === volume);
  return found === undefined ? volume : `${found.map.name} ${found.layer.name}`;
}
