import type { Layer, VolumeDescription, VolumeId } from '@chimerax-like/rpc';
import type { Level } from './contour.js';
import type { SceneLink } from './daemon-link.js';
import { type Detail, partOf, samePart } from './detail.js';
import { mostVoxelsFluent } from './gpu.js';
import type { LoadedMap } from './map-store.js';
import type { MapToShow, Scene } from './scene.js';
import { quickVoxels } from './voxels.js';

/** Brings volumes of the daemon into slots of the scene, each once. */
export class LayerLoader {
  readonly #link: SceneLink;
  readonly #scene: Scene;
  readonly #partnerOf: (volume: VolumeId) => VolumeId | undefined;
  readonly #descriptions = new Map<VolumeId, VolumeDescription>();

  /** @param partnerOf the other half map of one that is shown: of two halves their mean is what is sharpened, so that is drawn */
  constructor(link: SceneLink, scene: Scene, partnerOf: (volume: VolumeId) => VolumeId | undefined) {
    this.#link = link;
    this.#scene = scene;
    this.#partnerOf = partnerOf;
  }

  async describe(volume: VolumeId): Promise<VolumeDescription> {
    const known = this.#descriptions.get(volume) ?? (await this.#link.call('volume.describe', { volume }));
    this.#descriptions.set(volume, known);
    return known;
  }

  /** The slot that shows this volume now. */
  slotHolding(volume: VolumeId): string | undefined {
    return this.#scene.maps.value.find(({ source }) => source?.volumes[0] === volume && source.volumes.length === 1)
      ?.slot;
  }

  /**
   * Makes sure that a slot holds a volume in that detail. `soon`: somebody waits for it and sees nothing of it yet, so a
   * coarser copy may come first.
   */
  async ensure(
    slot: string,
    { volume, role, name }: Pick<Layer, 'volume' | 'role' | 'name'>,
    { detail, soon }: { readonly detail: Detail; readonly soon: boolean },
    relevel?: (loaded: LoadedMap) => Level | undefined,
  ): Promise<LoadedMap> {
    const shown = this.#scene.map(slot);
    const { grid, name: fileName } = await this.describe(volume);
    const part = partOf(detail, grid, mostVoxelsFluent(this.#scene.plugin));
    const partner = role === 'original' ? this.#partnerOf(volume) : undefined;
    const volumes = partner === undefined ? ([volume] as const) : ([volume, partner] as const);
    const held = this.#scene.loaded(slot);
    const source = shown?.source;
    const sameVolumes = source?.volumes.join() === volumes.join();
    if (held !== undefined && source !== undefined && sameVolumes && samePart(part, source)) return held;
    const label =
      name === 'original'
        ? `${fileName}${partner === undefined ? '' : ' and its other half'}`
        : `${name} (${fileName})`;
    const map: MapToShow = { slot, role, label, source: { volumes, ...part } };
    const voxels = grid.shape.reduce((product, n) => product * Math.ceil(n / part.step), 1);
    if (soon && !sameVolumes && part.region === undefined && voxels > quickVoxels)
      await this.#scene.put({ ...map, source: { ...map.source, step: 2 * part.step } }, relevel);
    // The same map in another detail keeps its level, and what a σ is.
    return sameVolumes && held !== undefined
      ? this.#scene.put(map, undefined, { whole: part.region === undefined ? undefined : held.statistics })
      : this.#scene.put(map, relevel);
  }
}
