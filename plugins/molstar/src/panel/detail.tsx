import type { SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { type Detail, type MapSource, slotOf } from '../core/index.js';
import { Buttons } from './row.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** How many voxels of a large map are drawn; nothing for maps that are drawn whole anyway. */
export function DetailOf({ map }: { readonly map: SceneMap }): ReactElement | null {
  const bench = useWorkbench();
  const { mirror, scene } = bench;
  const shown = useSignal(scene.maps).find(({ slot, look }) =>
    map.layers.some((layer) => slot === slotOf(map.id, layer.name) && layer.visible && look !== undefined),
  );
  const { kind } = mirror.detailOf(map.id);
  const source = shown?.source;
  if (source === undefined || (kind === 'coarse' && source.step === 1)) return null;
  const choose = (detail: Detail): void => void bench.attempt(() => mirror.setDetail(map.id, detail));
  const [x = 0, y = 0, z = 0] = scene.plugin.canvas3d?.camera.state.target ?? [];
  return (
    <>
      <Buttons
        label="Voxels"
        sides={[
          {
            name: 'detail-coarse',
            text: 'Some',
            title: 'Every n-th voxel along each axis',
            on: kind === 'coarse',
            onClick: () => choose({ kind: 'coarse' }),
          },
          {
            name: 'detail-around',
            text: 'Around the centre',
            title: 'All voxels of a box around the centre of the view; press again after moving',
            on: kind === 'around',
            onClick: () => choose({ kind: 'around', centre: [x, y, z] }),
          },
          {
            name: 'detail-all',
            text: 'All',
            title: 'All voxels of the map; takes seconds and gigabytes where the box is large',
            on: kind === 'all',
            onClick: () => choose({ kind: 'all' }),
          },
        ]}
      />
      <div className="locscale-note" data-name="step">
        {sentence(source)}
      </div>
    </>
  );
}

function sentence({ step, region }: MapSource): string {
  if (region !== undefined)
    return `All voxels of a box of ${region.map(([from, to]) => to - from).join(' × ')} are shown; jobs use the whole map.`;
  return step === 1 ? 'All voxels are shown.' : `Every ${step}. voxel along each axis is shown; jobs use all of them.`;
}
