import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import type { StateBuilder } from 'molstar/lib/mol-state/index.js';

/** Applies changes of the scene. Mol* resolves even when a node fails, so each node that matters is looked at. */
export async function commit(plugin: PluginContext, builder: StateBuilder, refs: readonly string[]): Promise<void> {
  await plugin.runTask(plugin.state.data.updateTree(builder, { doNotLogTiming: true }));
  for (const ref of refs) assertDrawn(plugin, ref);
}

function assertDrawn(plugin: PluginContext, ref: string): void {
  const cell = plugin.state.data.cells.get(ref);
  // Neither right nor wrong yet: the next change has it already, and looks after it.
  if (cell !== undefined && cell.status !== 'error') return;
  const label = cell?.obj?.label ?? ref;
  throw new Error(cell?.errorText ?? `${label} could not be shown; remove it and open it again.`);
}
