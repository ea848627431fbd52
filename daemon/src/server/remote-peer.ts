import { type Handlers, LocScaleError } from '@chimerax-like/rpc';
import type { Peer } from './sockets.js';

type Handler = (params: object, peer: Peer) => unknown;

/**
 * The same handlers, for callers from another machine without what belongs to this one: they name no files here, neither to
 * read nor to write (voxels are pushed and pulled), do not end the daemon and remove no networks.
 */
export function guardRemote(handlers: Handlers<Peer>): Handlers<Peer> {
  const guarded = Object.entries(handlers).map(([name, handler]): [string, Handler] => [
    name,
    (params, peer) => {
      if (peer.reach === 'remote') assertNothingLocal(name, params);
      // The pair of name and handler stays as `Handlers` has it; only the types of the pairs are lost in a loop.
      return (handler as Handler)(params, peer);
    },
  ]);
  return Object.fromEntries(guarded) as Handlers<Peer>;
}

/** What is done here alone, with the rest of the sentence that refuses it. */
const forThisMachine: Readonly<Record<string, string>> = {
  'daemon.shutdown': 'the daemon cannot be stopped; run there: locscale daemon stop',
  'network.remove': 'networks cannot be removed; run there: locscale network remove NAME',
};

function assertNothingLocal(method: string, params: object): void {
  const refused = forThisMachine[method];
  if (refused !== undefined)
    throw new LocScaleError('access.denied', `From another machine ${refused}`, { status: 403 });
  if (!namesPath(params)) return;
  throw new LocScaleError(
    'access.path',
    'From another machine no files of this one can be named; send maps and models with PUT and fetch results with GET.',
  );
}

/** Every method calls a file's place `path`, wherever in its parameters; a test holds the methods to it. */
function namesPath(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => (name === 'path' && member !== undefined) || namesPath(member));
}
