import type { Layer, SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { labelOf } from '../core/index.js';
import { Confidence } from './confidence.js';
import { Context } from './context.js';
import { DetailOf } from './detail.js';
import { LayerLevel } from './level.js';
import { Buttons } from './row.js';
import { SideBySideOf } from './side-by-side.js';
import { useSides, useSignal, useWorkbench } from './use-signal.js';

/** Every map on the screen of this and all other viewers of the daemon, with what was made from it. */
export function Maps(): ReactElement {
  const { mirror } = useWorkbench();
  const maps = useSignal(mirror.maps);
  const viewers = useSignal(mirror.viewers);
  return (
    <>
      {maps.map((map) => (
        <MapControls key={map.id} map={map} />
      ))}
      {viewers.length > 1 && (
        <div className="locscale-note" data-name="viewers">
          Also shown in:{' '}
          {viewers
            .filter(({ id }) => id !== mirror.own)
            .map(({ name }) => name)
            .join(', ')}
        </div>
      )}
    </>
  );
}

const isDensity = ({ role }: Layer): boolean => role === 'original' || role === 'result';

function MapControls({ map }: { readonly map: SceneMap }): ReactElement {
  const bench = useWorkbench();
  const { layers } = map;
  const densities = layers.filter(isDensity);
  const change = (volume: string, params: object): void =>
    void bench.attempt(() => bench.mirror.change('viewer.show', { volume, ...params }));
  /** One of the densities is looked at, the others wait. */
  const look = (chosen: Layer): void => {
    for (const layer of densities) change(layer.volume, { visible: layer === chosen });
  };
  const sides = useSides();
  useSignal(sides.panes);
  const isSeen = (layer: Layer): boolean => layer.visible || sides.has({ map: map.id, layer: layer.name });
  // A reference is on the map's own scale: as colours it says nothing.
  const measures = layers.filter(({ role, name }) => role === 'measure' && name !== 'reference');
  const masks = layers.filter(({ role }) => role === 'mask');
  return (
    <section className="locscale-map" aria-label={map.name} data-map={map.id}>
      <div className="locscale-map-name">
        <span title={map.name}>{map.name}</span>
        <button
          type="button"
          className="msp-btn msp-btn-link"
          data-name="remove"
          aria-label={`Remove ${map.name} from the screen`}
          onClick={() => void bench.attempt(() => bench.mirror.remove(map.id))}
        >
          Remove
        </button>
      </div>
      {densities.length > 1 && (
        <Buttons
          label="Show"
          sides={densities.map((layer) => ({
            name: `show-${layer.name}`,
            text: labelOf(layer.name),
            on: layer.visible,
            onClick: () => look(layer),
          }))}
        />
      )}
      {densities.length > 1 && <SideBySideOf map={map} densities={densities} />}
      {densities.filter(isSeen).map((layer, _, { length }) => (
        <LayerLevel key={layer.volume} map={map} layer={layer} isOnly={length === 1} />
      ))}
      <DetailOf map={map} />
      <Confidence map={map} />
      <Context map={map} />
      {masks.length > 0 && (
        <Buttons
          label="Mask"
          sides={masks.map((layer) => ({
            name: `mask-${layer.name}`,
            text: labelOf(layer.name),
            on: layer.visible,
            onClick: () => change(layer.volume, { visible: !layer.visible, opacity: 0.4 }),
          }))}
        />
      )}
      {measures.length > 0 && <ColourBy map={map} measures={measures} />}
    </section>
  );
}

/** Local resolution, B-factors: colours for the density that is looked at. */
function ColourBy({ map, measures }: { readonly map: SceneMap; readonly measures: readonly Layer[] }): ReactElement {
  const bench = useWorkbench();
  const shown = map.layers.find((layer) => layer.visible && isDensity(layer));
  return (
    <Buttons
      label="Colour by"
      sides={measures.map((layer) => {
        const on = shown?.colour?.by === layer.volume;
        return {
          name: `colour-${layer.name}`,
          text: labelOf(layer.name),
          on,
          disabled: shown === undefined,
          onClick: () => {
            if (shown === undefined) return;
            const by = on ? {} : { by: layer.volume };
            void bench.attempt(() => bench.mirror.change('viewer.colour', { volume: shown.volume, ...by }));
          },
        };
      })}
    />
  );
}
