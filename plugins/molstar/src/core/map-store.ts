import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { Volume } from 'molstar/lib/mol-model/volume.js';
import type { SceneLink } from './daemon-link.js';
import { fetchSource, type MapSource } from './map-source.js';
import { type MapStatistics, measure } from './map-statistics.js';
import { toVolume } from './to-volume.js';
import { drawVeils, type Veil } from './veil.js';
import type { TransferOptions, Voxels } from './voxels.js';

/** A map in the browser's memory. */
export interface LoadedMap {
  readonly voxels: Voxels;
  readonly statistics: MapStatistics;
}

/** What names the content of a slot: the same two strings mean the same voxels. */
export interface SlotContent {
  readonly slot: string;
  readonly version: number;
  readonly source: MapSource;
}

interface Entry extends LoadedMap {
  readonly version: number;
  /** Voxels as drawn while part of them is hidden; kept, so that a moved threshold needs no new memory. */
  veiled?: Float32Array<ArrayBuffer>;
}

/** Voxels that somebody else on the page holds already; nobody changes them. */
export type Borrow = (source: MapSource) => Voxels | undefined;

const stores = new WeakMap<PluginContext, MapStore>();

/**
 * Voxels of the shown maps, one entry for each slot of the scene. They stay out of Mol*'s state tree: whatever stands there is
 * copied into every saved scene, as decimal numbers.
 */
export class MapStore {
  readonly #link: SceneLink;
  readonly #borrow: Borrow;
  readonly #entries = new Map<string, Entry>();

  constructor(plugin: PluginContext, link: SceneLink, borrow: Borrow = () => undefined) {
    this.#link = link;
    this.#borrow = borrow;
    stores.set(plugin, this);
  }

  /** The store of a viewer, for state transforms, which know nothing but their viewer. */
  static of(plugin: PluginContext): MapStore {
    const store = stores.get(plugin);
    if (store === undefined)
      throw new Error(
        'This scene shows maps of a LocScale daemon and no daemon is connected; open it in a page of the daemon.',
      );
    return store;
  }

  async fetch(source: MapSource, options?: TransferOptions): Promise<Voxels> {
    return this.#borrow(source) ?? fetchSource(this.#link, source, options);
  }

  /**
   * Makes voxels the content of a slot. The caller gives them away.
   * @param whole statistics of the whole map, where the voxels are part of it: levels in σ mean the same in any detail
   */
  put({ slot, version }: Omit<SlotContent, 'source'>, voxels: Voxels, whole?: MapStatistics): LoadedMap {
    const veiled = this.#entries.get(slot)?.veiled;
    const own = measure(voxels.values);
    const statistics =
      whole === undefined ? own : { ...whole, min: Math.min(own.min, whole.min), max: Math.max(own.max, whole.max) };
    const entry: Entry = { voxels, statistics, version, ...(veiled && { veiled }) };
    this.#entries.set(slot, entry);
    return entry;
  }

  /** What a slot holds now. */
  get(slot: string): LoadedMap | undefined {
    return this.#entries.get(slot);
  }

  /** What a slot should hold: from memory, or (in a scene that was saved) fetched again. */
  async need(content: SlotContent): Promise<LoadedMap> {
    const entry = this.#entries.get(content.slot);
    return entry?.version === content.version ? entry : this.put(content, await this.fetch(content.source));
  }

  /** Mol*'s volume of a slot, with what the veils hide left out. Its statistics stay those of the whole map. */
  present(slot: string, veils: readonly Veil[], label: string): Volume {
    const { voxels, statistics } = this.drawn(slot, veils, label);
    return toVolume(voxels, statistics, label);
  }

  /** The same as voxels. */
  drawn(slot: string, veils: readonly Veil[], label: string): LoadedMap {
    const entry = this.#entries.get(slot);
    if (entry === undefined) throw new Error(`The map ${label} is not loaded; open it again.`);
    const { voxels, statistics } = entry;
    const drawn = veils.flatMap((veil) => {
      const by = this.#entries.get(veil.by);
      return by === undefined ? [] : [{ veil, voxels: by.voxels }];
    });
    if (drawn.length === 0) return { voxels, statistics };
    entry.veiled = drawVeils(voxels, drawn, statistics.min, entry.veiled);
    return { voxels: { grid: voxels.grid, values: entry.veiled }, statistics };
  }

  drop(slot: string): void {
    this.#entries.delete(slot);
  }
}
