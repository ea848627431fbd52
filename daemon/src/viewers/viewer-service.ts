import {
  type Job,
  type JobId,
  LocScaleError,
  type Params,
  type Result,
  type SceneMap,
  type Viewer,
  type ViewerId,
  type VolumeId,
} from '@chimerax-like/rpc';
import type { JobEvent, Log, Workshop } from '../jobs/index.js';
import { Bridge } from './chimerax/bridge.js';
import { LayerFiles, removeOldFiles } from './chimerax/layer-files.js';
import { hasBundle } from './chimerax/models.js';
import { restAddress } from './chimerax/rest-address.js';
import { RestClient } from './chimerax/rest-client.js';
import { LiveContext } from './live-context.js';
import type { ViewerPeer } from './peer.js';
import { Scene, type SceneChange } from './scene.js';
import { SceneFile } from './scene-file.js';
import { ViewerList } from './viewer-list.js';

/** What the daemon tells every client about viewers. */
export interface ViewerEvent extends SceneChange {
  /** All viewers, when their list changed. */
  readonly viewers: readonly Viewer[] | null;
}

export interface ViewerParts {
  readonly workshop: Workshop;
  readonly sceneFile: string;
  /** Folder for maps that ChimeraX opens and that have no file of their own. */
  readonly viewsFolder: string;
  readonly log: Log;
  readonly publish: (event: ViewerEvent) => void;
  /** Patience with a ChimeraX behind REST, ms. */
  readonly rest?: { readonly timeoutMs?: number; readonly retryMs?: number } | undefined;
}

/** The scene of the daemon and those who show it. */
export class ViewerService {
  readonly scene: Scene;
  readonly viewers: ViewerList;
  readonly #parts: ViewerParts;
  readonly #file: SceneFile;
  readonly #layerFiles: LayerFiles;
  readonly #bridges = new Map<ViewerId, Bridge>();
  readonly #liveContext: LiveContext;

  /** Brings back the scene of the daemon before. */
  static async open(parts: ViewerParts): Promise<ViewerService> {
    const file = new SceneFile(parts.sceneFile, parts.workshop.registry);
    await removeOldFiles(parts.viewsFolder);
    return new ViewerService(parts, file, await file.restore());
  }

  private constructor(parts: ViewerParts, file: SceneFile, restored: ConstructorParameters<typeof Scene>[1]) {
    this.#parts = parts;
    this.#file = file;
    this.#layerFiles = new LayerFiles(parts.viewsFolder, parts.workshop);
    this.scene = new Scene((change) => this.#sceneChanged(change), restored);
    this.viewers = new ViewerList(() => this.#viewersChanged());
    const { contexts, jobs } = parts.workshop;
    this.#liveContext = new LiveContext({ scene: this.scene, contexts, jobs, log: parts.log });
  }

  add({ volume, name, of, role }: Params<'viewer.add'>, by: ViewerId | null): SceneMap {
    const { registry } = this.#parts.workshop;
    const description = registry.describe(volume);
    registry.assertWhole(volume);
    if (of === undefined || role === undefined) return this.scene.addMap(volume, name ?? description.name, by);
    return this.scene.addLayer(of, volume, name ?? role, role, by);
  }

  addJob(id: JobId, of: VolumeId | undefined, by: ViewerId | null): SceneMap {
    const job = this.#parts.workshop.jobs.get(id);
    if (job.state !== 'done')
      throw new LocScaleError(
        'input.parameter',
        `The job ${id} is ${job.state}, only the outputs of one that is done can be shown; wait for job.changed.`,
      );
    const map = of ?? this.#mapWithInputOf(id);
    if (map === null)
      throw new LocScaleError(
        'viewer.not-shown',
        `No input of the job ${id} is on the screen; add one with viewer.add, or name a map with \`of\`.`,
      );
    return this.scene.addJob(map, job, by, this.#thresholdOf(id));
  }

  /** Sets level or threshold of a layer; a map that was cleaned of a context follows the threshold of that. */
  level({ volume, level, threshold }: Params<'viewer.level'>, by: ViewerId | null): SceneMap {
    const change = { ...(level === undefined ? {} : { level }), ...(threshold === undefined ? {} : { threshold }) };
    const map = this.scene.change(volume, change, by);
    if (threshold !== undefined) this.#liveContext.moved(map, volume);
    return map;
  }

  /** Takes context out of a volume; the result takes the place of the volume that it replaces. */
  async subtract(params: Params<'context.subtract'>): Promise<Result<'context.subtract'>> {
    const result = await this.#parts.workshop.contexts.subtract(params);
    if (params.replaces !== undefined) await this.#liveContext.replace(params.replaces, result.cleaned.id);
    return result;
  }

  /** Colours a layer; what is not said about a palette follows from the volume coloured by. */
  async colour(params: Params<'viewer.colour'>, by: ViewerId | null): Promise<SceneMap> {
    const { volume, by: source, plain, palette, range } = params;
    this.scene.mapOf(volume);
    if (source === undefined) {
      const colour =
        plain === undefined
          ? null
          : { by: null, plain, palette: 'viridis' as const, range: [0, 1] as [number, number] };
      return this.scene.change(volume, { colour }, by);
    }
    const confidence = this.scene.find(source)?.layers.find((layer) => layer.volume === source)?.role === 'confidence';
    const chosen = palette ?? (confidence ? 'confidence' : 'viridis');
    const colour = {
      by: source,
      plain: null,
      palette: chosen,
      range: range ?? (chosen === 'confidence' ? ([-100, 100] as [number, number]) : await this.#valuesOf(source)),
    };
    // Closed while its statistics were computed: nothing can be coloured by it.
    this.#parts.workshop.registry.describe(source);
    return this.scene.change(volume, { colour }, by);
  }

  /** Hears of jobs: the outputs of one whose input is on the screen come there by themselves. */
  onJobEvent(event: JobEvent): void {
    if (event.kind !== 'changed' || event.job.state !== 'done') return;
    const map = this.#mapWithInputOf(event.job.id);
    if (map === null || Object.keys(event.job.outputs).length === 0) return;
    try {
      this.scene.addJob(map, event.job, null, this.#thresholdOf(event.job.id));
    } catch (error) {
      this.#parts.log('warn', 'scene.full', { job: event.job.id, error: String(error) });
    }
  }

  /** Takes a ChimeraX behind its REST server among the viewers; from then on it is made to show the scene. */
  async attachRest(
    url: string,
    { name, anyHost }: { readonly name: string | undefined; readonly anyHost: boolean },
    peer: ViewerPeer,
  ): Promise<Viewer> {
    if (peer.reach === 'remote')
      throw new LocScaleError(
        'access.denied',
        'From another machine no ChimeraX can be attached by its address; use the LocScale bundle in it.',
        { status: 403 },
      );
    const { timeoutMs, retryMs } = this.#parts.rest ?? {};
    const address = restAddress(url, anyHost);
    const client = new RestClient(address, timeoutMs);
    await client.run('version');
    const bundle = await hasBundle(client);
    const viewer = this.viewers.add({ kind: 'chimerax-rest', name: name ?? 'ChimeraX', url: address.origin, bundle });
    const bridge = new Bridge({
      ...{ client, bundle, scene: () => this.scene.state },
      file: (volume, copy) => this.#layerFiles.find(volume, copy),
      onProblem: (problem) => this.viewers.setProblem(viewer.id, problem),
      onGone: () => {
        this.#parts.log('info', 'viewer.gone', { viewer: viewer.id });
        this.#bridges.delete(viewer.id);
        this.viewers.remove(viewer.id);
      },
      ...(retryMs === undefined ? {} : { retryMs }),
    });
    this.#bridges.set(viewer.id, bridge);
    bridge.changed();
    return viewer;
  }

  /** Forgets a viewer; what it shows stays on its screen. */
  detach(viewer: ViewerId): void {
    this.viewers.get(viewer);
    this.#bridges.get(viewer)?.stop();
    this.#bridges.delete(viewer);
    this.viewers.remove(viewer);
  }

  /** The connection of a viewer has ended. */
  leave(viewer: ViewerId | null): void {
    if (viewer !== null) this.viewers.remove(viewer);
  }

  async stop(): Promise<void> {
    for (const bridge of this.#bridges.values()) bridge.stop();
    await this.#file.flush();
  }

  async #valuesOf(volume: VolumeId): Promise<[number, number]> {
    const { min, max } = await this.#parts.workshop.tasks.statistics(volume);
    if (min < max) return [min, max];
    throw new LocScaleError(
      'input.voxels',
      `All voxels of the volume ${volume} are ${min}, so it gives no colours; name a range, or another volume.`,
    );
  }

  /** The threshold with which a job took out context. */
  #thresholdOf(id: JobId): number | undefined {
    const { threshold } = this.#parts.workshop.jobs.requestOf(id).parameters;
    return typeof threshold === 'number' ? threshold : undefined;
  }

  /** A volume on the screen that the job read, the map to be worked on before all others. */
  #mapWithInputOf(id: Job['id']): VolumeId | null {
    const { jobs, registry } = this.#parts.workshop;
    const inputs = jobs.inputsOf(id);
    const shown = new Map<string, VolumeId>();
    for (const { layers } of this.scene.state.maps)
      for (const { volume } of layers) if (registry.has(volume)) shown.set(registry.source(volume).path, volume);
    for (const path of ['target', 'map', 'halfMaps', ...Object.keys(inputs)].flatMap((name) => inputs[name] ?? [])) {
      const volume = shown.get(path);
      if (volume !== undefined) return volume;
    }
    return null;
  }

  #sceneChanged(change: SceneChange): void {
    this.#file.changed(() => this.scene.state);
    this.#parts.publish({ ...change, viewers: null });
    for (const bridge of this.#bridges.values()) bridge.changed();
  }

  #viewersChanged(): void {
    const { revision } = this.scene.state;
    this.#parts.publish({ revision, viewer: null, maps: [], removed: [], viewers: this.viewers.all() });
  }
}
