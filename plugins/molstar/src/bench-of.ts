import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { Workbench } from './core/index.js';
import type { SideBySide } from './sides/side-by-side.js';

/** What belongs to a viewer that has the LocScale behaviour. */
interface Belongings {
  readonly bench: Workbench;
  readonly sides: SideBySide;
}

const belongings = new WeakMap<PluginContext, Belongings>();

/** Remembers what belongs to a viewer: Mol* makes panels by itself and hands them nothing but the viewer. */
export function setBelongings(plugin: PluginContext, given: Belongings | undefined): void {
  if (given === undefined) belongings.delete(plugin);
  else belongings.set(plugin, given);
}

/** The workbench of a viewer that has the LocScale behaviour. */
export const workbenchOf = (plugin: PluginContext): Workbench => need(plugin).bench;

/** The panes beside the main view of such a viewer. */
export const sidesOf = (plugin: PluginContext): SideBySide => need(plugin).sides;

function need(plugin: PluginContext): Belongings {
  const found = belongings.get(plugin);
  if (found === undefined) throw new Error('This viewer has no LocScale behaviour; add locscale(…) to its behaviours.');
  return found;
}
