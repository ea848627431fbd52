import type { Layer, SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { Buttons } from './row.js';
import { useSides, useSignal, useWorkbench } from './use-signal.js';

/** Densities that stand beside the main view, seen from the same side; each button opens its pane or closes it. */
export function SideBySideOf({
  map,
  densities,
}: {
  readonly map: SceneMap;
  readonly densities: readonly Layer[];
}): ReactElement {
  const bench = useWorkbench();
  const sides = useSides();
  useSignal(sides.panes);
  return (
    <Buttons
      label="Beside it"
      sides={densities.map((layer) => {
        const place = { map: map.id, layer: layer.name };
        const on = sides.has(place);
        return {
          name: `beside-${layer.name}`,
          text: layer.name,
          on,
          title: on ? `Close the pane with ${layer.name}` : `Show ${layer.name} in a pane beside, from the same side`,
          disabled: layer.visible && !on,
          onClick: () => void bench.attempt(() => sides.toggle(place)),
        };
      })}
    />
  );
}
