import type { ReactElement } from 'react';
import { Legend } from './legend.js';
import { Buttons } from './row.js';
import { useSignal, useWorkbench } from './use-signal.js';

/** Atomic models beside the maps. */
export function Models(): ReactElement {
  const bench = useWorkbench();
  const models = useSignal(bench.models.models);
  const scales = useSignal(bench.models.scales);
  return (
    <>
      {models.map(({ id, name }) => {
        const shown = bench.models.isShown(id);
        const scale = scales.get(id);
        const attempt = (work: () => Promise<void>) => () => void bench.attempt(work);
        return (
          <section key={id} className="locscale-map" aria-label={name} data-model={id}>
            <div className="locscale-map-name">
              <span title={name}>{name}</span>
            </div>
            <Buttons
              label="Model"
              sides={[
                {
                  name: 'model-show',
                  text: 'Show',
                  on: shown,
                  onClick: attempt(() => (shown ? bench.models.hide(id) : bench.models.show(id))),
                },
                {
                  name: 'model-b',
                  text: 'Colour by B',
                  on: scale !== undefined,
                  disabled: !shown,
                  onClick: attempt(() => bench.models.colour(id, scale === undefined ? 'b-factor' : 'chain')),
                },
              ]}
            />
            {scale !== undefined && <Legend scale={scale} name="B-factor" unit="Å²" />}
          </section>
        );
      })}
    </>
  );
}
