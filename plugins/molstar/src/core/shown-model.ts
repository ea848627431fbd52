import type { ModelId } from '@chimerax-like/rpc';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { PluginStateObject as SO } from 'molstar/lib/mol-plugin-state/objects.js';
import type { StructureRef } from 'molstar/lib/mol-plugin-state/manager/structure/hierarchy-state.js';
import { Color } from 'molstar/lib/mol-util/color/index.js';
import { seeAll } from './see-all.js';
import { evenColours, type Scale } from './scale-colours.js';

/** How atoms are coloured: as Mol* likes, or by their B-factors. */
export type ModelColour = 'chain' | 'b-factor';

export const modelRef = (id: ModelId): string => `locscale:model:${id}`;

/** Draws a model from mmCIF text, beside the maps; the view stays where it is when something is on the screen already. */
export async function showModel(plugin: PluginContext, id: ModelId, text: string, label: string): Promise<void> {
  await removeModel(plugin, id);
  const data = await plugin.builders.data.rawData({ data: text, label }, { ref: modelRef(id) });
  const trajectory = await plugin.builders.structure.parseTrajectory(data, 'mmcif');
  await plugin.builders.structure.hierarchy.applyPreset(trajectory, 'default');
  const failed = structuresOf(plugin, id).length === 0;
  if (failed) throw new Error(`The model ${label} could not be drawn; check the file with locscale doctor.`);
  seeAll(plugin);
}

export async function removeModel(plugin: PluginContext, id: ModelId): Promise<void> {
  if (plugin.state.data.cells.has(modelRef(id))) await plugin.build().delete(modelRef(id)).commit();
}

/** Smallest and largest B-factor that are told apart by colour, as percentiles, so that one loose loop does not flatten the rest. */
const percentiles = [0.02, 0.98] as const;

/** Colours a model; by B-factor with the scale that is returned, for the legend. */
export async function colourModel(
  plugin: PluginContext,
  id: ModelId,
  colour: ModelColour,
  stops: Scale['stops'],
): Promise<Scale | undefined> {
  const structures = structuresOf(plugin, id);
  const components = structures.flatMap((structure) => structure.components);
  const { component } = plugin.managers.structure;
  if (colour === 'chain') {
    await component.updateRepresentationsTheme(components, { color: 'default' });
    return undefined;
  }
  const scale: Scale = { stops, range: rangeOfB(structures) };
  await component.updateRepresentationsTheme(components, {
    color: 'uncertainty',
    colorParams: {
      domain: [...scale.range],
      list: { kind: 'interpolate', colors: evenColours(scale, 33).map((each) => Color(each)) },
    },
  });
  return scale;
}

function structuresOf(plugin: PluginContext, id: ModelId): readonly StructureRef[] {
  const { data } = plugin.state;
  const below = (ref: string): boolean => {
    for (let at = ref; ;) {
      if (at === modelRef(id)) return true;
      const parent = data.cells.get(at)?.transform.parent;
      if (parent === undefined || parent === at) return false;
      at = parent;
    }
  };
  return plugin.managers.structure.hierarchy.current.structures.filter(({ cell }) => below(cell.transform.ref));
}

function rangeOfB(structures: readonly StructureRef[]): [number, number] {
  const values = structures
    .flatMap(({ cell }) => (cell.obj instanceof SO.Molecule.Structure ? cell.obj.data.models : []))
    .flatMap(({ atomicConformation: { B_iso_or_equiv: column } }) =>
      Array.from({ length: column.rowCount }, (_, row) => column.value(row)),
    )
    .sort((a, b) => a - b);
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0;
  const [low, high] = percentiles.map(at) as [number, number];
  return high > low ? [low, high] : [low, low + 1];
}
