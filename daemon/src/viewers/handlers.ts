import { type Handlers, LocScaleError, type MethodName } from '@chimerax-like/rpc';
import { toggled } from './layers.js';
import type { ViewerPeer } from './peer.js';
import type { ViewerService } from './viewer-service.js';

type ViewerMethod = Extract<MethodName, `viewer.${string}`>;
/** The handlers of all methods of viewers but that of the page, which belongs to the server. */
export type ViewerHandlers = Pick<Handlers<ViewerPeer>, Exclude<ViewerMethod, 'viewer.page'>>;

export function createViewerHandlers(service: ViewerService): ViewerHandlers {
  const { scene, viewers } = service;
  return {
    'viewer.attach': async ({ kind, name, url, anyHost }, peer) => {
      if (url !== undefined)
        return { viewer: await service.attachRest(url, { name, anyHost }, peer), scene: scene.state };
      if (peer.viewer !== null)
        throw new LocScaleError(
          'input.parameter',
          `This connection is the viewer ${peer.viewer} already; detach it, or open another connection.`,
        );
      const viewer = viewers.add({ kind, name: name ?? kind });
      peer.viewer = viewer.id;
      return { viewer, scene: scene.state };
    },
    'viewer.detach': ({ viewer }, peer) => {
      service.detach(viewer);
      if (peer.viewer === viewer) peer.viewer = null;
      return { detached: true };
    },
    'viewer.list': () => viewers.all(),
    'viewer.get': () => scene.state,
    'viewer.add': (params, peer) => service.add(params, peer.viewer),
    'viewer.addJob': ({ job, of }, peer) => service.addJob(job, of, peer.viewer),
    'viewer.remove': ({ volume }, peer) => {
      scene.remove(volume, peer.viewer);
      return { removed: true };
    },
    'viewer.show': ({ volume, visible, opacity }, peer) =>
      scene.change(volume, defined({ visible, opacity }), peer.viewer),
    'viewer.level': (params, peer) => service.level(params, peer.viewer),
    'viewer.colour': (params, peer) => service.colour(params, peer.viewer),
    'viewer.toggle': ({ volume, what, on }, peer) => scene.update(volume, (map) => toggled(map, what, on), peer.viewer),
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that were not given, so that they do not overwrite anything. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
