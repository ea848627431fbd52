import type { Layer, MethodName, ParamsInput, Result, SceneMap, Viewer, VolumeId } from '@chimerax-like/rpc';
import type { Level } from './contour.js';
import type { SceneLink } from './daemon-link.js';
import { assertDrawable, coarse, type Detail } from './detail.js';
import { LatestOnly } from './latest-only.js';
import { LayerLoader } from './layer-loader.js';
import type { LoadedMap } from './map-store.js';
import { isDensity, levelOf, ownColour, scaleOf, veilsOver } from './layer-looks.js';
import type { Scene } from './scene.js';
import { type ReadonlySignal, Signal } from './signal.js';
import type { Colouring } from './surface.js';

export const slotOf = (map: VolumeId, layer: string): string => `${map}/${layer}`;

/** What a running job has finished so far: a layer of this viewer only, not of the shared scene. */
export const previewRole = 'preview';

/** Calls that change the shared scene and answer with the map as it is then. */
type SceneCall = 'viewer.add' | 'viewer.addJob' | 'viewer.show' | 'viewer.level' | 'viewer.colour' | 'viewer.toggle';

export interface MirrorOptions {
  /** Told of what fails while nobody waits for it. */
  readonly onProblem: (problem: unknown) => void;
  /** The other half map of one on the screen. */
  readonly partnerOf: (volume: VolumeId) => VolumeId | undefined;
  /** How another view draws the original of a map; results are drawn to enclose as much. */
  readonly originalOf?: (map: SceneMap) => Original | undefined;
}

/** An original as it is drawn. */
interface Original {
  readonly loaded: LoadedMap;
  readonly level: Level;
}

/** Slider positions go out at most this often, ms (contract of `viewer.level`: ten a second). */
const sliderPause = 100;

/**
 * Keeps this viewer the same as all others of the daemon: what the daemon's scene says is drawn here, and what is changed here
 * is told to the daemon. Changes made elsewhere arrive as `viewer.changed`; our own come back with a revision that we have.
 */
export class Mirror {
  readonly #link: SceneLink;
  readonly #scene: Scene;
  readonly #loader: LayerLoader;
  readonly #maps = new Signal<readonly SceneMap[]>([]);
  readonly #viewers = new Signal<readonly Viewer[]>([]);
  #own: Viewer['id'] | undefined;
  readonly #onProblem: (problem: unknown) => void;
  readonly #originalOf: MirrorOptions['originalOf'];
  readonly #drawing = new Map<VolumeId, LatestOnly>();
  readonly #sliders = new Map<VolumeId, LatestOnly>();
  readonly #details = new Map<VolumeId, Detail>();
  readonly #stops: (() => void)[];

  constructor(link: SceneLink, scene: Scene, { onProblem, partnerOf, originalOf }: MirrorOptions) {
    this.#link = link;
    this.#scene = scene;
    this.#loader = new LayerLoader(link, scene, partnerOf);
    this.#onProblem = onProblem;
    this.#originalOf = originalOf;
    this.#stops = [
      link.state.subscribe(() => void this.#attach().catch(onProblem)),
      link.on('viewer.changed', ({ maps, removed, viewers }) => {
        if (viewers !== null) this.#viewers.value = viewers;
        for (const map of maps) void this.#take(map).catch(onProblem);
        for (const id of removed) void this.#forget(id).catch(onProblem);
      }),
    ];
    void this.#attach().catch(onProblem);
  }

  /** The shared scene. */
  get maps(): ReadonlySignal<readonly SceneMap[]> {
    return this.#maps;
  }

  /** Who looks at it, this viewer included. */
  get viewers(): ReadonlySignal<readonly Viewer[]> {
    return this.#viewers;
  }

  /** What the daemon calls this viewer, once it is attached. */
  get own(): Viewer['id'] | undefined {
    return this.#own;
  }

  /** Changes the shared scene, and resolves when the change is drawn here. */
  async change<N extends SceneCall>(method: N, params: ParamsInput<N>): Promise<void> {
    await this.#take((await call(this.#link, method, params)) as SceneMap);
  }

  /** Takes a map of the shared scene as it is now, and resolves when it is drawn. */
  async refresh(map: VolumeId): Promise<void> {
    const { maps } = await this.#link.call('viewer.get');
    const now = maps.find(({ id }) => id === map);
    if (now !== undefined) await this.#take(now);
  }

  /** Puts a volume on the screen, and resolves when the daemon knows, before it is drawn. */
  async add(volume: VolumeId): Promise<void> {
    const map = await this.#link.call('viewer.add', { volume });
    void this.#take(map).catch(this.#onProblem);
  }

  async remove(volume: VolumeId): Promise<void> {
    await this.#link.call('viewer.remove', { volume });
  }

  /** A slider's position: drawn at once, told to the daemon ten times a second at most, the last one always. */
  slide(map: SceneMap, layer: Layer, change: { readonly level?: Level; readonly threshold?: number | null }): void {
    const { volume } = layer;
    const slot = slotOf(map.id, layer.name);
    if (change.level !== undefined && this.#scene.map(slot)?.look !== undefined)
      void this.#scene.redraw(slot, { level: change.level }).catch(this.#onProblem);
    const queue = this.#sliders.get(volume) ?? new LatestOnly();
    this.#sliders.set(volume, queue);
    void queue
      .run(async () => {
        const pause = new Promise((resolve) => setTimeout(resolve, sliderPause));
        await this.change('viewer.level', { volume, ...change });
        await pause;
      })
      .catch(this.#onProblem);
  }

  /** The original of a map as it is drawn here. */
  originalOf(map: SceneMap): Original | undefined {
    const layer = map.layers.find(({ role }) => role === 'original');
    if (layer === undefined) return undefined;
    const slot = slotOf(map.id, layer.name);
    const loaded = this.#scene.loaded(slot);
    const level = this.#scene.map(slot)?.look?.level;
    return loaded && level && { loaded, level };
  }

  /** How many of a map's voxels this viewer draws; other viewers choose for themselves. */
  detailOf(map: VolumeId): Detail {
    return this.#details.get(map) ?? coarse;
  }

  async setDetail(map: VolumeId, detail: Detail): Promise<void> {
    if (detail.kind === 'all') assertDrawable((await this.#loader.describe(map)).grid);
    this.#details.set(map, detail);
    await this.#draw(map);
  }

  /** Resolves when what is known of a map by now is drawn. */
  async drawn(map: VolumeId): Promise<void> {
    await this.#drawing.get(map)?.settled;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  async #attach(): Promise<void> {
    if (!this.#link.hello?.capabilities.includes('viewer')) return;
    const { viewer, scene } = await this.#link.call('viewer.attach', { kind: 'molstar', name: 'Mol*' });
    this.#own = viewer.id;
    this.#viewers.value = await this.#link.call('viewer.list');
    const gone = this.#maps.value.filter(({ id }) => !scene.maps.some((map) => map.id === id));
    for (const { id } of gone) await this.#forget(id);
    // The daemon may have begun to count anew: what it says now holds, whatever the revision.
    this.#maps.value = scene.maps;
    await Promise.all(scene.maps.map((map) => this.#draw(map.id)));
  }

  async #take(map: SceneMap): Promise<void> {
    const held = this.#maps.value.find(({ id }) => id === map.id);
    if (held !== undefined && held.revision > map.revision) return;
    this.#maps.value =
      held === undefined ? [...this.#maps.value, map] : this.#maps.value.map((each) => (each === held ? map : each));
    await this.#draw(map.id);
  }

  async #forget(id: VolumeId): Promise<void> {
    this.#maps.value = this.#maps.value.filter((map) => map.id !== id);
    this.#details.delete(id);
    for (const { slot } of this.#scene.maps.value) if (slot.startsWith(`${id}/`)) await this.#scene.remove(slot);
  }

  /** Draws a map as the shared scene has it; while one is drawn, of newer states only the newest is kept. */
  #draw(id: VolumeId): Promise<void> {
    const queue = this.#drawing.get(id) ?? new LatestOnly();
    this.#drawing.set(id, queue);
    return queue.run(async () => {
      const map = this.#maps.value.find((each) => each.id === id);
      if (map === undefined) return;
      try {
        await this.#arrange(map);
      } catch (error) {
        // What went wrong with a state that is out of date (a slider's result that was replaced meanwhile) is no problem: the next one waits.
        if (this.#maps.value.includes(map)) throw error;
      }
    });
  }

  async #arrange(map: SceneMap): Promise<void> {
    const slots = (layer: Layer): string => slotOf(map.id, layer.name);
    for (const { slot, role } of this.#scene.maps.value)
      if (slot.startsWith(`${map.id}/`) && role !== previewRole && !map.layers.some((layer) => slots(layer) === slot))
        await this.#scene.remove(slot);
    // The density that is looked at comes first, what explains it after it.
    for (const layer of map.layers) if (layer.visible) await this.#arrangeLayer(map, layer);
    for (const layer of map.layers) if (!layer.visible) this.#scene.setVisible(slots(layer), false);
  }

  async #arrangeLayer(map: SceneMap, layer: Layer): Promise<void> {
    const slot = slotOf(map.id, layer.name);
    const levelFor = (loaded: LoadedMap): Level =>
      levelOf(layer, loaded, this.originalOf(map) ?? this.#originalOf?.(map));
    const before = this.#scene.map(slot);
    // What a preview shows already needs no coarse copy.
    const soon = this.#scene.map(slotOf(map.id, previewRole)) === undefined;
    const isSameScale = layer.name === 'cleaned' && before?.look !== undefined;
    const loaded = await this.#loader.ensure(slot, layer, { detail: this.detailOf(map.id), soon }, (fresh) =>
      layer.level === null && !isSameScale ? levelFor(fresh) : undefined,
    );
    // Another threshold of the context leaves a cleaned map on its scale.
    const now = this.#scene.map(slot);
    const isSameMap = before?.source !== undefined && before.source.volumes.join() === now?.source?.volumes.join();
    const rescaled = layer.name !== 'cleaned' && !isSameMap;
    const kept = before?.look?.level;
    // A level that this viewer chose stays until the map is another one.
    const level =
      layer.level === null && kept !== undefined && !rescaled && layer.role !== 'context' ? kept : levelFor(loaded);
    const colouring = await this.#colouring(map, layer);
    await this.#scene.draw(slot, { level, visible: true, opacity: layer.opacity, colouring });
    if (isDensity(layer)) await this.#veil(map, layer);
  }

  async #colouring(map: SceneMap, layer: Layer): Promise<Colouring> {
    const { colour } = layer;
    if (typeof colour?.by !== 'string') return { kind: 'plain', colour: colour?.plain ?? ownColour(layer) };
    return { kind: 'by', slot: await this.#slotOf(colour.by, map), scale: scaleOf(colour) };
  }

  /** Where the values of a volume are, fetched first if they are nowhere. */
  async #slotOf(volume: VolumeId, map: SceneMap): Promise<string> {
    const layer = map.layers.find((each) => each.volume === volume);
    const slot =
      layer === undefined ? (this.#loader.slotHolding(volume) ?? slotOf('values', volume)) : slotOf(map.id, layer.name);
    const given = layer ?? { volume, role: 'measure', name: 'values' };
    await this.#loader.ensure(slot, given, { detail: this.detailOf(map.id), soon: false });
    return slot;
  }

  async #veil(map: SceneMap, layer: Layer): Promise<void> {
    const veils = veilsOver(layer, map, ({ name }) => slotOf(map.id, name));
    for (const { by } of veils) {
      const veil = map.layers.find(({ name }) => slotOf(map.id, name) === by);
      if (veil !== undefined) await this.#loader.ensure(by, veil, { detail: this.detailOf(map.id), soon: false });
    }
    await this.#scene.setVeils(slotOf(map.id, layer.name), veils);
  }
}

/** The client's arguments depend on the method in a way that a type parameter cannot carry through. */
function call<N extends MethodName>(link: SceneLink, method: N, params: ParamsInput<N>): Promise<Result<N>> {
  const untyped = link.call.bind(link) as (name: N, given: ParamsInput<N>) => Promise<Result<N>>;
  return untyped(method, params);
}
