import type { SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { Buttons, Slider } from './row.js';
import { useWorkbench } from './use-signal.js';

/** Detergent, nanodisc or membrane: drawn, or cut away, with the probability from which on a voxel belongs to it. */
export function Context({ map }: { readonly map: SceneMap }): ReactElement | null {
  const bench = useWorkbench();
  const context = map.layers.find(({ role }) => role === 'context');
  if (context === undefined) return null;
  const toggle = (on: boolean): void =>
    void bench.attempt(() => bench.mirror.change('viewer.toggle', { volume: map.id, what: 'context', on }));
  return (
    <>
      <Buttons
        label="Detergent"
        sides={[
          { name: 'context-on', text: 'Show', on: context.visible, onClick: () => toggle(true) },
          { name: 'context-off', text: 'Cut away', on: !context.visible, onClick: () => toggle(false) },
        ]}
      />
      <Slider
        label="threshold"
        name="from probability"
        title="Voxels of at least this probability count as detergent, nanodisc or membrane"
        value={context.threshold ?? 0.5}
        min={0}
        max={1}
        step={0.01}
        onChange={(threshold) => bench.mirror.slide(map, context, { threshold })}
      />
    </>
  );
}
