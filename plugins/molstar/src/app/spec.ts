import { StateActions } from 'molstar/lib/mol-plugin-state/actions.js';
import { PluginConfig } from 'molstar/lib/mol-plugin/config.js';
import { PluginSpec } from 'molstar/lib/mol-plugin/spec.js';
import { DefaultPluginUISpec, type PluginUISpec } from 'molstar/lib/mol-plugin-ui/spec.js';
import type { LinkOptions } from '../core/index.js';
import { locscale } from '../behavior.js';
import { PageControls } from './controls.js';

/**
 * The viewer of the daemon's page. Nothing in it asks another server: maps are unpublished data, so what downloads entries,
 * streams densities or keeps states elsewhere is left out.
 */
export function pageSpec(options: LinkOptions): PluginUISpec {
  const standard = DefaultPluginUISpec();
  return {
    ...standard,
    // The view stays where it is when layers come and go.
    canvas3d: { camera: { manualReset: true } },
    actions: [PluginSpec.Action(StateActions.Structure.EnableModelCustomProps)],
    behaviors: [...standard.behaviors, locscale(options)],
    components: {
      remoteState: 'none',
      controls: { right: PageControls, top: 'none' },
    },
    layout: {
      initial: {
        isExpanded: true,
        showControls: true,
        regionState: { left: 'collapsed', right: 'full', top: 'hidden', bottom: 'hidden' },
      },
    },
    config: [
      [PluginConfig.VolumeStreaming.Enabled, false],
      [PluginConfig.Viewport.ShowXR, 'never'],
      [PluginConfig.Viewport.ShowAnimation, false],
      // Software rendering is slow and still of use.
      [PluginConfig.General.AllowMajorPerformanceCaveat, true],
    ],
  };
}
