import { Vec3 } from 'molstar/lib/mol-math/linear-algebra.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';

/** What two cameras have in common; how far each sees depends on what it shows. */
interface View {
  readonly position: Vec3;
  readonly target: Vec3;
  readonly up: Vec3;
  readonly radius: number;
}

function viewOf(plugin: PluginContext): View | undefined {
  const snapshot = plugin.canvas3d?.camera.getSnapshot();
  if (snapshot === undefined) return undefined;
  const { position, target, up, radius } = snapshot;
  return { position, target, up, radius };
}

const isSame = (a: View, b: View): boolean =>
  Vec3.equals(a.position, b.position) &&
  Vec3.equals(a.target, b.target) &&
  Vec3.equals(a.up, b.up) &&
  Math.abs(a.radius - b.radius) < 1e-3 * a.radius;

/** Makes other viewers look from where one does. */
export function lookAlike(from: PluginContext, to: PluginContext): void {
  const view = viewOf(from);
  const there = viewOf(to);
  if (view !== undefined && there !== undefined && !isSame(view, there)) to.canvas3d?.camera.setState(view, 0);
}

/** Keeps two viewers looking from the same place: whichever is moved, the other follows. Returns what ends it. */
export function sameView(one: PluginContext, two: PluginContext): () => void {
  /** What each was told last: that it arrived there is no news for the other, which may have moved on. */
  const told = new Map<PluginContext, View>();
  const follow = (from: PluginContext, to: PluginContext): { unsubscribe(): void } | undefined =>
    from.canvas3d?.camera.changed.subscribe(() => {
      const view = viewOf(from);
      const last = told.get(from);
      if (view === undefined || (last !== undefined && isSame(last, view))) return;
      told.set(to, view);
      lookAlike(from, to);
      to.canvas3d?.requestDraw();
    });
  lookAlike(one, two);
  const subscriptions = [follow(one, two), follow(two, one)];
  return () => {
    for (const subscription of subscriptions) subscription?.unsubscribe();
  };
}
