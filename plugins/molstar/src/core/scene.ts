import type { VolumeId } from '@chimerax-like/rpc';
import type { Volume } from 'molstar/lib/mol-model/volume.js';
import { setSubtreeVisibility } from 'molstar/lib/mol-plugin/behavior/static/state.js';
import { PluginStateObject as SO } from 'molstar/lib/mol-plugin-state/objects.js';
import { StateTransforms } from 'molstar/lib/mol-plugin-state/transforms.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { StateBuilder } from 'molstar/lib/mol-state/index.js';
import { commit } from './commit.js';
import { DaemonVolume } from './daemon-volume.js';
import type { Level } from './contour.js';
import type { SceneLink } from './daemon-link.js';
import { LatestOnly } from './latest-only.js';
import type { MapSource } from './map-source.js';
import type { MapStatistics } from './map-statistics.js';
import { type Borrow, type LoadedMap, MapStore } from './map-store.js';
import { seeAll } from './see-all.js';
import { readShown, type ShownMap } from './shown-map.js';
import { type ReadonlySignal, Signal } from './signal.js';
import { type Box, type Look, mapRef, repainted, type SurfaceParams, surfaceParams, surfaceRef } from './surface.js';
import type { Veil } from './veil.js';
import type { TransferOptions, Voxels } from './voxels.js';

/** What is put into a slot. */
export interface MapToShow {
  /** Place in the scene; a map in it is replaced in place. */
  readonly slot: string;
  readonly role: string;
  readonly label: string;
  readonly source: MapSource;
}

export interface SceneOptions {
  /** The view is somebody else's: new maps do not move the camera. */
  readonly keepsView?: boolean;
  readonly borrow?: Borrow;
}

/**
 * Maps of the daemon in a Mol* viewer. The state tree is the only memory: what a panel shows is read from it, so whatever else
 * changes the tree (Mol*'s own controls, undo, a loaded scene) is seen too. Every method rejects with one sentence for people
 * when something could not be drawn.
 */
export class Scene {
  readonly plugin: PluginContext;
  readonly store: MapStore;
  readonly #maps = new Signal<readonly ShownMap[]>([]);
  readonly #levels = new Map<string, LatestOnly>();
  /** Boxes that are left out of surfaces, by slot. */
  readonly #cuts = new Map<string, Box>();
  readonly #subscriptions: { unsubscribe(): void }[] = [];
  readonly #keepsView: boolean;
  #version = Date.now();

  constructor(plugin: PluginContext, link: SceneLink, { keepsView = false, borrow }: SceneOptions = {}) {
    this.plugin = plugin;
    this.#keepsView = keepsView;
    this.store = new MapStore(plugin, link, borrow);
    const { events } = plugin.state.data;
    const refresh = (): void => {
      this.#maps.value = readShown(plugin, this.store);
    };
    this.#subscriptions.push(
      events.changed.subscribe(refresh),
      events.cell.stateUpdated.subscribe(refresh),
      events.object.removed.subscribe(({ ref }) => {
        if (ref.startsWith(mapRef(''))) this.store.drop(ref.slice(mapRef('').length));
        refresh();
      }),
    );
    refresh();
  }

  /** The maps as they are drawn now, in order of adding. */
  get maps(): ReadonlySignal<readonly ShownMap[]> {
    return this.#maps;
  }

  map(slot: string): ShownMap | undefined {
    return this.#maps.value.find((map) => map.slot === slot);
  }

  /** What a slot holds in memory. */
  loaded(slot: string): LoadedMap | undefined {
    return this.store.get(slot);
  }

  /** Voxels of a map as they are drawn, what veils hide left out, with the statistics of the whole map. */
  drawn({ slot, veils, label }: ShownMap): LoadedMap {
    return this.store.drawn(slot, veils, label);
  }

  /** Voxels from a source, if a slot holds them. */
  voxelsOf(source: MapSource): Voxels | undefined {
    const key = JSON.stringify(source);
    const slot = this.#maps.value.find((map) => JSON.stringify(map.source) === key)?.slot;
    return slot === undefined ? undefined : this.store.get(slot)?.voxels;
  }

  /**
   * Fetches a map and shows it without a surface; a map that is in the slot is replaced in place and what it colours painted
   * again. `relevel` chooses another level for the surface that is there, in the same change, so that it is drawn once.
   */
  async put(
    map: MapToShow,
    relevel?: (loaded: LoadedMap) => Level | undefined,
    { whole, ...options }: TransferOptions & { readonly whole?: MapStatistics | undefined } = {},
  ): Promise<LoadedMap> {
    return this.putVoxels(map, await this.store.fetch(map.source, options), relevel, whole);
  }

  /** As `put`, with voxels that are here already (slabs of a running job). The caller gives them away. */
  async putVoxels(
    { slot, ...rest }: MapToShow,
    voxels: Voxels,
    relevel?: (loaded: LoadedMap) => Level | undefined,
    whole?: MapStatistics,
  ): Promise<LoadedMap> {
    const version = ++this.#version;
    const loaded = this.store.put({ slot, version }, voxels, whole);
    const ref = mapRef(slot);
    const builder = this.plugin.build();
    if (this.plugin.state.data.cells.has(ref)) {
      builder.to(ref).update(DaemonVolume, (old) => ({ ...old, ...rest, version }));
      const look = this.map(slot)?.look;
      const level = look && relevel?.(loaded);
      if (look !== undefined && level !== undefined)
        builder.to(surfaceRef(slot)).update(() => this.#surfaceParams(slot, { ...look, level }));
      await commit(this.plugin, builder, [ref, ...this.#surfacesOf(slot)]);
      await this.#refreshDependents(slot);
    } else {
      builder
        .toRoot()
        .apply(DaemonVolume, { slot, version, ...rest, veils: [] }, { ref, tags: [`locscale-${rest.role}`] });
      await commit(this.plugin, builder, [ref]);
    }
    return loaded;
  }

  /** Draws the surface of a map, or changes how it is drawn. */
  async draw(slot: string, look: Look): Promise<void> {
    const ref = surfaceRef(slot);
    // A frame may take a second where it is drawn in software.
    if (isSameLook(this.map(slot)?.look, look)) return this.setVisible(slot, look.visible);
    const builder = this.plugin.build();
    const isNew = !this.plugin.state.data.cells.has(ref);
    this.#drawWith(builder, slot, look);
    const isNewMap = this.map(slot)?.role === 'original' && this.map(slot)?.look === undefined;
    const isFirst = this.#maps.value.every((map) => map.look === undefined);
    await commit(this.plugin, builder, [ref]);
    this.setVisible(slot, look.visible);
    if (isNew) seeAll(this.plugin);
    // Mol* moves the camera at every new surface unless it is told not to; then a new map still has to be found.
    if (!this.#keepsView && (isFirst || isNewMap) && this.plugin.canvas3d?.props.camera.manualReset === true)
      this.plugin.managers.camera.reset();
  }

  /** Changes some of how a map is drawn. */
  async redraw(slot: string, change: Partial<Look>): Promise<void> {
    const now = this.map(slot)?.look;
    if (now === undefined) throw new Error(`The map ${slot} has no surface; show it first.`);
    if (Object.keys(change).every((key) => key === 'visible'))
      return this.setVisible(slot, change.visible ?? now.visible);
    const queue = this.#levels.get(slot) ?? new LatestOnly();
    this.#levels.set(slot, queue);
    // Of a moving slider only the newest position is drawn.
    return queue.run(() => this.draw(slot, { ...(this.map(slot)?.look ?? now), ...change }));
  }

  /** Costs nothing: the geometry stays. */
  setVisible(slot: string, visible: boolean): void {
    const { data } = this.plugin.state;
    const ref = surfaceRef(slot);
    if (!data.cells.has(ref) || !data.cells.get(ref)?.state.isHidden === visible) return;
    setSubtreeVisibility(data, ref, !visible);
    this.#maps.value = readShown(this.plugin, this.store);
  }

  /**
   * Shows a map in place of a box of another one's surface, all in one change, so that one frame is drawn; the geometry of the
   * other stays. Without a look nothing is shown.
   */
  async insert(
    map: MapToShow,
    into: { readonly slot: string; readonly box: Box },
    lookFor: (loaded: LoadedMap) => Look | undefined,
  ): Promise<void> {
    const { slot } = map;
    const ref = mapRef(slot);
    const version = ++this.#version;
    const loaded = this.store.put({ slot, version }, await this.store.fetch(map.source));
    const look = lookFor(loaded);
    const isThere = this.plugin.state.data.cells.has(ref);
    if (look === undefined) {
      if (!isThere) this.store.drop(slot);
      return;
    }
    const builder = this.plugin.build();
    if (isThere) builder.to(ref).update(DaemonVolume, (old) => ({ ...old, ...map, version }));
    else builder.toRoot().apply(DaemonVolume, { ...map, version, veils: [] }, { ref, tags: [`locscale-${map.role}`] });
    this.#drawWith(builder, slot, look, this.store.present(slot, [], map.label));
    this.#cuts.set(into.slot, into.box);
    const other = this.map(into.slot)?.look;
    if (other !== undefined) this.#drawWith(builder, into.slot, other);
    await commit(this.plugin, builder, [ref, surfaceRef(slot)]);
  }

  /** Takes an inserted map away and draws the surface that it stood in whole again. */
  async withdraw(slot: string, from: string): Promise<void> {
    this.#cuts.delete(from);
    const { cells } = this.plugin.state.data;
    const builder = this.plugin.build();
    const look = this.map(from)?.look;
    if (look !== undefined) this.#drawWith(builder, from, look);
    if (cells.has(mapRef(slot))) builder.delete(mapRef(slot));
    await commit(this.plugin, builder, []);
  }

  /** Hides parts of a map by other maps; none: shows all of it. */
  async setVeils(slot: string, veils: readonly Veil[]): Promise<void> {
    if (sameVeils(this.map(slot)?.veils ?? [], veils)) return;
    const builder = this.plugin.build();
    builder.to(mapRef(slot)).update(DaemonVolume, (old) => ({ ...old, veils }));
    await commit(this.plugin, builder, [mapRef(slot), ...this.#surfacesOf(slot)]);
    this.plugin.canvas3d?.requestDraw();
  }

  async remove(slot: string): Promise<void> {
    const { data } = this.plugin.state;
    if (!data.cells.has(mapRef(slot))) return;
    await commit(this.plugin, this.plugin.build().delete(mapRef(slot)), []);
    this.#levels.delete(slot);
    this.#cuts.delete(slot);
  }

  /** Volumes of the daemon that are in the scene. */
  get volumes(): readonly VolumeId[] {
    return [...new Set(this.#maps.value.flatMap(({ source }) => source?.volumes ?? []))];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  /** Paints again what a replaced map colours, and draws again what it hides parts of: a second commit, or nothing happens. */
  async #refreshDependents(slot: string): Promise<void> {
    const painted = this.#maps.value.filter(
      ({ look }) => look?.colouring.kind === 'by' && look.colouring.slot === slot,
    );
    const veiled = this.#maps.value.filter(({ veils }) => veils.some((veil) => veil.by === slot));
    if (painted.length + veiled.length === 0) return;
    const builder = this.plugin.build();
    for (const map of painted) builder.to(surfaceRef(map.slot)).update((old) => repainted(old as SurfaceParams));
    for (const map of veiled)
      builder.to(mapRef(map.slot)).update(DaemonVolume, (old) => ({ ...old, veils: [...old.veils] }));
    await commit(
      this.plugin,
      builder,
      painted.map((map) => surfaceRef(map.slot)),
    );
  }

  #surfaceParams(slot: string, look: Look, volume = this.#volume(slot)): SurfaceParams {
    return surfaceParams(this.plugin, volume, look, this.#cuts.get(slot));
  }

  #drawWith(builder: StateBuilder.Root, slot: string, look: Look, volume?: Volume): void {
    const ref = surfaceRef(slot);
    const params = this.#surfaceParams(slot, look, volume);
    if (this.plugin.state.data.cells.has(ref)) builder.to(ref).update(() => params);
    else
      builder.to(mapRef(slot)).apply(StateTransforms.Representation.VolumeRepresentation3D, params as never, {
        ref,
        state: { isHidden: !look.visible },
      });
  }

  #volume(slot: string): Volume {
    const object = this.plugin.state.data.cells.get(mapRef(slot))?.obj;
    if (object === undefined || !(object instanceof SO.Volume.Data))
      throw new Error(`The map ${slot} is not in the scene; open it again.`);
    return object.data as Volume;
  }

  #surfacesOf(slot: string): readonly string[] {
    return this.plugin.state.data.cells.has(surfaceRef(slot)) ? [surfaceRef(slot)] : [];
  }
}

/** Colours by another map may have to be painted again although nothing of the look has changed. */
const isSameLook = (now: Look | undefined, next: Look): boolean =>
  now?.colouring.kind === 'plain' &&
  next.colouring.kind === 'plain' &&
  now.colouring.colour.toLowerCase() === next.colouring.colour.toLowerCase() &&
  now.opacity === next.opacity &&
  now.level.kind === next.level.kind &&
  now.level.value === next.level.value;

const sameVeils = (a: readonly Veil[], b: readonly Veil[]): boolean => JSON.stringify(a) === JSON.stringify(b);
