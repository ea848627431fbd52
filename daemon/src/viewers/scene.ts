import { isDeepStrictEqual } from 'node:util';
import {
  type Job,
  type LayerRole,
  LocScaleError,
  type Scene as SceneState,
  type SceneMap,
  type ViewerId,
  type VolumeId,
} from '@chimerax-like/rpc';
import { newLayer, originalName, withJob, withLayer, withoutVolume } from './layers.js';

/** Maps on the screen and layers of a map at a time; more than anybody looks at. */
const mostMaps = 200;
const mostLayers = 64;

/** What changed, for everybody who shows the scene. */
export interface SceneChange {
  readonly revision: number;
  /** Who caused it; null: the daemon, or a client that is not attached. */
  readonly viewer: ViewerId | null;
  readonly maps: readonly SceneMap[];
  readonly removed: readonly VolumeId[];
}

/**
 * What all viewers show: the maps, their layers, how they are drawn. Every change has a number, the last writer of a field
 * wins, and a change that changes nothing is none, so that viewers which pass on what they hear come to rest.
 */
export class Scene {
  readonly #publish: (change: SceneChange) => void;
  readonly #maps = new Map<VolumeId, SceneMap>();
  #revision: number;

  constructor(publish: (change: SceneChange) => void, restored: SceneState = { revision: 0, maps: [] }) {
    this.#publish = publish;
    this.#revision = restored.revision;
    for (const map of restored.maps) this.#maps.set(map.id, map);
  }

  get state(): SceneState {
    return { revision: this.#revision, maps: [...this.#maps.values()] };
  }

  /** The map with a layer of this volume, or null. */
  find(volume: VolumeId): SceneMap | null {
    for (const map of this.#maps.values()) if (map.layers.some((layer) => layer.volume === volume)) return map;
    return null;
  }

  /** The same; throws `viewer.not-shown` when there is none. */
  mapOf(volume: VolumeId): SceneMap {
    const map = this.find(volume);
    if (map === null)
      throw new LocScaleError(
        'viewer.not-shown',
        `The volume ${volume} is in no map on the screen; put it there with viewer.add.`,
      );
    return map;
  }

  /** Puts a volume on the screen as a map of its own; one that is there already stays as it is. */
  addMap(volume: VolumeId, name: string, by: ViewerId | null): SceneMap {
    const there = this.find(volume);
    if (there !== null) return there;
    if (this.#maps.size >= mostMaps) throw tooMany(mostMaps, 'maps are on the screen');
    const layers = [newLayer(originalName, 'original', volume, null)];
    return this.#set({ id: volume, name, revision: 0, active: originalName, layers }, by);
  }

  /** Puts a volume into a map; a layer of the same name gives way to it. */
  addLayer(of: VolumeId, volume: VolumeId, name: string, role: LayerRole, by: ViewerId | null): SceneMap {
    const there = this.find(volume);
    if (there !== null) return there;
    const map = this.mapOf(of);
    if (name === originalName)
      throw new LocScaleError('input.parameter', 'The name "original" belongs to the map itself; choose another.');
    const layers = [...map.layers.filter((layer) => layer.name !== name), newLayer(name, role, volume, null)];
    return this.#set({ ...map, layers }, by);
  }

  addJob(of: VolumeId, job: Pick<Job, 'id' | 'outputs'>, by: ViewerId | null, threshold?: number): SceneMap {
    return this.update(of, (map) => withJob(map, job, threshold), by);
  }

  /** Changes the layer of this volume. */
  change(volume: VolumeId, change: Parameters<typeof withLayer>[2], by: ViewerId | null): SceneMap {
    return this.update(volume, (map) => withLayer(map, volume, change), by);
  }

  /** Changes the map with a layer of this volume; returns it as it is then. */
  update(volume: VolumeId, change: (map: SceneMap) => SceneMap, by: ViewerId | null): SceneMap {
    const map = this.mapOf(volume);
    const next = change(map);
    return isDeepStrictEqual(map, next) ? map : this.#set(next, by);
  }

  /** Takes a layer off the screen, or with the original the whole map. */
  remove(volume: VolumeId, by: ViewerId | null): void {
    const map = this.mapOf(volume);
    if (volume !== map.id) {
      this.update(volume, (whole) => withoutVolume(whole, volume), by);
      return;
    }
    this.#maps.delete(map.id);
    this.#publish({ revision: ++this.#revision, viewer: by, maps: [], removed: [map.id] });
  }

  /** A volume was closed: it is neither shown nor coloured by any more. */
  forget(volume: VolumeId): void {
    if (this.find(volume) !== null) this.remove(volume, null);
    for (const map of this.#maps.values()) {
      const next = withoutVolume(map, volume);
      if (!isDeepStrictEqual(map, next)) this.#set(next, null);
    }
  }

  #set(map: SceneMap, by: ViewerId | null): SceneMap {
    if (map.layers.length > mostLayers) throw tooMany(mostLayers, `layers are in the map ${map.name}`);
    const numbered = { ...map, revision: ++this.#revision };
    this.#maps.set(map.id, numbered);
    this.#publish({ revision: this.#revision, viewer: by, maps: [numbered], removed: [] });
    return numbered;
  }
}

function tooMany(most: number, what: string): LocScaleError {
  return new LocScaleError('limit.busy', `${most} ${what}, the most that can be; take some off with viewer.remove.`);
}
