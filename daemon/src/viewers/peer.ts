import type { ViewerId } from '@chimerax-like/rpc';

/** What viewers need to know of the connection that a call came by. */
export interface ViewerPeer {
  /** `remote`: over TLS from another machine, where paths and addresses of this one mean nothing. */
  readonly reach: 'local' | 'remote';
  /** The viewer that named itself on this connection. */
  viewer: ViewerId | null;
}
