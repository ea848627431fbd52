import type { Volume } from 'molstar/lib/mol-model/volume.js';
import { PluginStateObject as SO } from 'molstar/lib/mol-plugin-state/objects.js';
import type { PluginContext } from 'molstar/lib/mol-plugin/context.js';
import { StateTransformer } from 'molstar/lib/mol-state/index.js';
import { Task } from 'molstar/lib/mol-task/index.js';
import { ParamDefinition as PD } from 'molstar/lib/mol-util/param-definition.js';
import { type LoadedMap, MapStore } from './map-store.js';
import type { MapSource } from './map-source.js';
import type { Veil } from './veil.js';

const params = {
  /** Place in the scene; stays while the map in it is replaced. */
  slot: PD.Text('', { isHidden: true }),
  /** Raised with every replacement. */
  version: PD.Numeric(0, {}, { isHidden: true }),
  source: PD.Value<MapSource | undefined>(undefined, { isHidden: true }),
  veils: PD.Value<readonly Veil[]>([], { isHidden: true }),
  /** What the map is: `map`, `sharpened`, `confidence` … */
  role: PD.Text('', { isHidden: true }),
  label: PD.Text(''),
};

export type DaemonVolumeParams = PD.Values<typeof params>;
/** As state transforms get them: Mol* makes members optional that may be undefined. */
type Given = Omit<DaemonVolumeParams, 'source'> & { readonly source?: MapSource | undefined };

async function load(plugin: PluginContext, { slot, version, source }: Given): Promise<LoadedMap> {
  if (source === undefined) throw new Error('This map has no source in the saved scene; open it again.');
  return MapStore.of(plugin).need({ slot, version, source });
}

const present = (plugin: PluginContext, { slot, veils, label }: Given): Volume =>
  MapStore.of(plugin).present(slot, veils, label);

/**
 * A map of the daemon in Mol*'s state tree. Its parameters say where voxels come from and hold none; an update swaps the
 * volume inside the same state object, so the surface below it, its parameters and the camera stay.
 */
export const DaemonVolume = StateTransformer.builderFactory('locscale')({
  name: 'daemon-volume',
  display: { name: 'LocScale map' },
  from: SO.Root,
  to: SO.Volume.Data,
  params,
})({
  apply: ({ params }, plugin: PluginContext) =>
    Task.create('LocScale map', async () => {
      await load(plugin, params);
      return new SO.Volume.Data(present(plugin, params), { label: params.label });
    }),

  update: ({ b, oldParams, newParams }, plugin: PluginContext) =>
    Task.create('LocScale map', async () => {
      if (oldParams.slot !== newParams.slot) return StateTransformer.UpdateResult.Recreate;
      if (oldParams.version !== newParams.version || oldParams.veils !== newParams.veils) {
        await load(plugin, newParams);
        const volume = present(plugin, newParams);
        // Frees the texture of the voxels that are replaced.
        b.data.customProperties.dispose();
        b.data = volume;
      }
      b.label = newParams.label;
      return StateTransformer.UpdateResult.Updated;
    }),

  dispose: ({ b }) => {
    b?.data.customProperties.dispose();
  },
});
