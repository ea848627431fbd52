import type { VolumeId } from '@chimerax-like/rpc';
import { isDensity } from '../core/layer-looks.js';
import { type ReadonlySignal, type Scene, Signal, slotOf, type Workbench } from '../core/index.js';
import { Caption } from './caption.js';
import type { LayerPlace } from './one-layer-link.js';
import { Pane } from './pane.js';

/** Browsers give a page sixteen canvases at most, and each draws every frame. */
const mostPanes = 3;

/** Panes beside the main view, all seen from the same side. Which there are is this viewer's own, like its camera. */
export class SideBySide {
  readonly #bench: Workbench;
  readonly #panes = new Signal<readonly Pane[]>([]);
  readonly #captions = new Map<HTMLElement, Caption>();
  readonly #stops: (() => void)[];
  /** One after the other: a pane takes a moment to open. */
  #queue: Promise<void> = Promise.resolve();

  constructor(bench: Workbench) {
    this.#bench = bench;
    this.#stops = [bench.mirror.maps.subscribe(() => this.#follow())];
  }

  get panes(): ReadonlySignal<readonly Pane[]> {
    return this.#panes;
  }

  has({ map, layer }: LayerPlace): boolean {
    return this.#panes.value.some(({ slot }) => slot === slotOf(map, layer));
  }

  /** The scene that shows a layer: that of its pane, if it has one and the main view does not show it. */
  sceneOf(map: VolumeId, layer: string): Scene {
    const slot = slotOf(map, layer);
    const main = this.#bench.scene.map(slot)?.look?.visible === true;
    return (main ? undefined : this.#panes.value.find((pane) => pane.slot === slot)?.scene) ?? this.#bench.scene;
  }

  /** Opens a pane with a density, or closes it. */
  toggle(place: LayerPlace): Promise<void> {
    const done = this.#queue.then(() => (this.has(place) ? this.#close(place) : this.#open(place)));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    for (const pane of this.#panes.value) pane.dispose();
    this.#panes.value = [];
    this.#arrange();
  }

  async #open(place: LayerPlace): Promise<void> {
    const host = this.#main()?.parentElement;
    const map = this.#bench.mirror.maps.value.find(({ id }) => id === place.map);
    if (!host || map === undefined) return;
    if (this.#panes.value.length >= mostPanes)
      throw new Error(`${mostPanes} panes are open beside the main view, the most there can be; close one of them.`);
    const pane = await Pane.open(this.#bench, place, host);
    this.#panes.value = [...this.#panes.value, pane];
    this.#arrange();
    pane.show(map);
  }

  #close(place: LayerPlace): void {
    const closed = this.#panes.value.filter(({ slot }) => slot === slotOf(place.map, place.layer));
    this.#panes.value = this.#panes.value.filter((pane) => !closed.includes(pane));
    for (const pane of closed) pane.dispose();
    this.#arrange();
  }

  /** Panes show what the shared scene says, and go with what they show. */
  #follow(): void {
    const maps = this.#bench.mirror.maps.value;
    for (const pane of this.#panes.value) {
      const map = maps.find(({ id }) => id === pane.place.map);
      if (map?.layers.some(({ name }) => name === pane.place.layer) === true) pane.show(map);
      else this.#close(pane.place);
    }
    this.#name();
  }

  /** The element in which Mol* has put the main canvas; it fills its parent until there are panes. */
  #main(): HTMLElement | undefined {
    return this.#bench.scene.plugin.canvas3dContext?.canvas?.parentElement ?? undefined;
  }

  /** Two or three side by side, four in a square. */
  #arrange(): void {
    const main = this.#main();
    if (main === undefined) return;
    const panes = this.#panes.value;
    const elements = [main, ...panes.map(({ element }) => element)];
    const columns = elements.length === 4 ? 2 : elements.length;
    const rows = elements.length / columns;
    for (const [i, element] of elements.entries()) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      Object.assign(element.style, {
        left: `${(100 * column) / columns}%`,
        right: `${100 - (100 * (column + 1)) / columns}%`,
        top: `${(100 * row) / rows}%`,
        bottom: `${100 - (100 * (row + 1)) / rows}%`,
        boxShadow: elements.length > 1 ? 'inset 0 0 0 1px rgba(128, 128, 128, .4)' : '',
      });
    }
    this.#name();
    for (const plugin of [this.#bench.scene.plugin, ...panes.map((pane) => pane.plugin)]) plugin.handleResize();
  }

  /** Says in each what it shows. */
  #name(): void {
    const panes = this.#panes.value;
    const main = this.#main();
    const names = new Map<HTMLElement, string>(panes.map(({ element, place }) => [element, place.layer]));
    if (main !== undefined && panes.length > 0) {
      const visible = this.#bench.mirror.maps.value.flatMap(({ layers }) =>
        layers.filter((layer) => layer.visible && isDensity(layer)).map(({ name }) => name),
      );
      names.set(main, visible.join(', '));
    }
    for (const [element, caption] of this.#captions)
      if (!names.has(element)) {
        caption.remove();
        this.#captions.delete(element);
      }
    for (const [element, name] of names) {
      const caption = this.#captions.get(element) ?? new Caption(element);
      this.#captions.set(element, caption);
      caption.text = name;
    }
  }
}
