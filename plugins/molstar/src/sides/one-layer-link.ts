import type {
  CallArguments,
  MethodName,
  NotificationName,
  NotificationParams,
  Result,
  SceneMap,
  VolumeId,
} from '@chimerax-like/rpc';
import { isDensity } from '../core/layer-looks.js';
import type { Hello, LinkState, ReadonlySignal, SceneLink } from '../core/index.js';

/** A layer of a map on the screen. */
export interface LayerPlace {
  readonly map: VolumeId;
  readonly layer: string;
}

/**
 * The link of a pane beside the main view: it hears of the shared scene what it is told here, and of the densities in it
 * only one is visible. Everything else goes to the daemon over the main link.
 */
export class OneLayerLink implements SceneLink {
  readonly state: ReadonlySignal<LinkState>;
  /** None of its own: the daemon knows one viewer, however many panes it has. */
  readonly hello: Hello | undefined = undefined;
  readonly #link: SceneLink;
  readonly #place: LayerPlace;
  readonly #listeners = new Set<(params: NotificationParams<'viewer.changed'>) => void>();

  constructor(link: SceneLink, place: LayerPlace) {
    this.#link = link;
    this.#place = place;
    this.state = link.state;
  }

  on<N extends NotificationName>(name: N, listener: (params: NotificationParams<N>) => void): () => void {
    if (name !== 'viewer.changed') return () => undefined;
    const given = listener as (params: NotificationParams<'viewer.changed'>) => void;
    this.#listeners.add(given);
    return () => this.#listeners.delete(given);
  }

  async call<N extends MethodName>(method: N, ...args: CallArguments<N>): Promise<Result<N>> {
    const result = await this.#link.call(method, ...args);
    return isSceneMap(result) ? (this.#only(result) as Result<N>) : result;
  }

  request(path: string, init?: RequestInit): Promise<Response> {
    return this.#link.request(path, init);
  }

  /** Passes on how the map is now. */
  tell(map: SceneMap): void {
    const { revision } = map;
    for (const listener of this.#listeners)
      listener({ revision, viewer: null, maps: [this.#only(map)], removed: [], viewers: null });
  }

  #only(map: SceneMap): SceneMap {
    const layers = map.layers.map((layer) =>
      isDensity(layer) ? { ...layer, visible: layer.name === this.#place.layer } : layer,
    );
    return { ...map, layers };
  }
}

const isSceneMap = (result: unknown): result is SceneMap =>
  typeof result === 'object' && result !== null && 'layers' in result && 'active' in result;
