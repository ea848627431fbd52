import { randomBytes } from 'node:crypto';
import { LocScaleError, type Viewer, type ViewerId } from '@chimerax-like/rpc';

/** Viewers at a time: sockets are limited, and so are those that the daemon drives. */
const mostViewers = 64;

/** The attached viewers, in the order in which they came. */
export class ViewerList {
  readonly #changed: () => void;
  readonly #viewers = new Map<ViewerId, Viewer>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  all(): Viewer[] {
    return [...this.#viewers.values()];
  }

  get(id: ViewerId): Viewer {
    const viewer = this.#viewers.get(id);
    if (viewer === undefined)
      throw new LocScaleError(
        'viewer.unknown',
        `No viewer has the id ${id}; viewer.list names those that are attached.`,
      );
    return viewer;
  }

  add(known: Pick<Viewer, 'kind' | 'name'> & Partial<Viewer>): Viewer {
    if (this.#viewers.size >= mostViewers)
      throw new LocScaleError(
        'limit.busy',
        `${mostViewers} viewers are attached, the most that can be; detach some with viewer.detach.`,
      );
    const id = `viewer-${randomBytes(8).toString('hex')}`;
    const viewer = { since: new Date().toISOString(), url: null, bundle: null, problem: null, ...known, id };
    this.#viewers.set(id, viewer);
    this.#changed();
    return viewer;
  }

  /** Says what is wrong with a viewer, or that nothing is any more. */
  setProblem(id: ViewerId, problem: string | null): void {
    const viewer = this.#viewers.get(id);
    if (viewer === undefined || viewer.problem === problem) return;
    this.#viewers.set(id, { ...viewer, problem });
    this.#changed();
  }

  remove(id: ViewerId): void {
    if (this.#viewers.delete(id)) this.#changed();
  }
}
