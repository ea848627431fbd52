import { Vec3 } from 'molstar/lib/mol-math/linear-algebra.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';

/**
 * Moves the planes that cut off what is near and far so that all that is drawn lies between them. The camera stays where it is:
 * Mol* itself would look at everything anew.
 */
export function seeAll({ canvas3d }: PluginContext): void {
  if (canvas3d === undefined) return;
  canvas3d.commit(true);
  // The sphere about what is visible is worked out only with the next change; this one is up to date.
  const { center, radius } = canvas3d.boundingSphere;
  const { camera } = canvas3d;
  const needed = radius + Vec3.distance(center, camera.target);
  if (radius === 0 || camera.state.radius === 0 || needed <= camera.state.radius) return;
  camera.setState({ radius: needed, radiusMax: Math.max(needed, camera.state.radiusMax) }, 0);
}
