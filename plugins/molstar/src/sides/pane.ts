import type { SceneMap } from '@chimerax-like/rpc';
import { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { Mirror, Scene, slotOf, type Workbench } from '../core/index.js';
import { type LayerPlace, OneLayerLink } from './one-layer-link.js';
import { sameView } from './same-view.js';

/** A canvas beside the main view that shows one density of a map from the same side, coloured and cut as everywhere. */
export class Pane {
  readonly place: LayerPlace;
  readonly element: HTMLElement;
  readonly scene: Scene;
  readonly mirror: Mirror;
  readonly plugin: PluginContext;
  readonly #link: OneLayerLink;
  readonly #unlock: () => void;

  /** Opens a pane in `host`; voxels that the main view holds are not fetched again. */
  static async open(main: Workbench, place: LayerPlace, host: HTMLElement): Promise<Pane> {
    const element = document.createElement('div');
    element.dataset['pane'] = place.layer;
    Object.assign(element.style, { position: 'absolute', overflow: 'hidden' });
    host.append(element);
    const plugin = new PluginContext({ behaviors: [], actions: [], canvas3d: { camera: { manualReset: true } } });
    try {
      await plugin.init();
      if (!(await plugin.mountAsync(element)) || plugin.canvas3d === undefined)
        throw new Error('The browser gives no more canvases for 3D; close a pane or another page that draws in 3D.');
      return new Pane(main, place, element, plugin);
    } catch (error) {
      plugin.dispose();
      element.remove();
      throw error;
    }
  }

  private constructor(main: Workbench, place: LayerPlace, element: HTMLElement, plugin: PluginContext) {
    this.place = place;
    this.element = element;
    this.plugin = plugin;
    const seen = main.scene.plugin;
    // The same light, fog, background and effects.
    const props = seen.canvas3d?.props;
    if (props !== undefined) {
      const { renderer, cameraFog, cameraClipping, postprocessing, multiSample } = props;
      plugin.canvas3d?.setProps({ renderer, cameraFog, cameraClipping, postprocessing, multiSample });
    }
    this.#link = new OneLayerLink(main.link, place);
    this.scene = new Scene(plugin, this.#link, {
      keepsView: true,
      borrow: (source) => main.scene.voxelsOf(source),
    });
    this.mirror = new Mirror(this.#link, this.scene, {
      onProblem: (problem) => main.report(problem),
      partnerOf: (volume) => main.partnerOf(volume),
      originalOf: (map) => main.mirror.originalOf(map),
    });
    this.#unlock = sameView(seen, plugin);
  }

  get slot(): string {
    return slotOf(this.place.map, this.place.layer);
  }

  /** Draws the map as it is now. */
  show(map: SceneMap): void {
    this.#link.tell(map);
  }

  dispose(): void {
    this.#unlock();
    this.mirror.dispose();
    this.scene.dispose();
    this.plugin.dispose();
    this.element.remove();
  }
}
