import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { Workbench } from './core/index.js';

const benches = new WeakMap<PluginContext, Workbench>();

/** Remembers which workbench belongs to a viewer: Mol* makes panels by itself and hands them nothing but the viewer. */
export function setWorkbench(plugin: PluginContext, bench: Workbench | undefined): void {
  if (bench === undefined) benches.delete(plugin);
  else benches.set(plugin, bench);
}

/** The workbench of a viewer that has the LocScale behaviour. */
export function workbenchOf(plugin: PluginContext): Workbench {
  const bench = benches.get(plugin);
  if (bench === undefined) throw new Error('This viewer has no LocScale behaviour; add locscale(…) to its behaviours.');
  return bench;
}
