import { palettes, type SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { labelOf } from '../core/index.js';
import { Legend } from './legend.js';
import { Buttons, Slider } from './row.js';
import { useWorkbench } from './use-signal.js';

/** Colours of the visible density with their legend, and hiding what is not sure. */
export function Confidence({ map }: { readonly map: SceneMap }): ReactElement {
  const bench = useWorkbench();
  const { layers } = map;
  const shown = layers.find(({ visible, role }) => visible && (role === 'original' || role === 'result'));
  const confidence = layers.find(({ role }) => role === 'confidence');
  const colour = shown?.colour;
  const by = layers.find(({ volume }) => volume === colour?.by);
  const isOn = confidence !== undefined && by === confidence;
  const hides = confidence?.threshold ?? null;
  return (
    <>
      {confidence !== undefined && (
        <Buttons
          label="Confidence"
          sides={[
            {
              name: 'confidence',
              text: 'Colour',
              on: isOn,
              title:
                'Colour by what the network changed beyond its own error: 0 agrees with the unchanged density, ±100 does not',
              onClick: () =>
                void bench.attempt(() =>
                  bench.mirror.change('viewer.toggle', { volume: map.id, what: 'confidence', on: !isOn }),
                ),
            },
            {
              name: 'hide-doubtful',
              text: 'Hide below',
              on: hides !== null,
              title: 'Hide density with less confidence than the threshold',
              onClick: () =>
                void bench.attempt(() =>
                  bench.mirror.change('viewer.level', {
                    volume: confidence.volume,
                    threshold: hides === null ? 20 : null,
                  }),
                ),
            },
          ]}
        />
      )}
      {confidence !== undefined && hides !== null && (
        <Slider
          label="hide below"
          title="Confidence is 100 − |score|, in percent"
          unit="%"
          value={hides}
          min={0}
          max={100}
          step={1}
          onChange={(threshold) => bench.mirror.slide(map, confidence, { threshold })}
        />
      )}
      {typeof colour?.by === 'string' && (
        <Legend
          name={captions[by?.name ?? ''] ?? labelOf(by?.name ?? 'values')}
          unit={units[by?.name ?? ''] ?? ''}
          scale={{ stops: palettes[colour.palette], range: colour.range }}
        />
      )}
    </>
  );
}

/** What outputs are called in words, where their names do not say it. */
const captions: Readonly<Record<string, string>> = {
  pvddt: 'Confidence score (pVDDT)',
  localResolution: 'Local resolution',
  bfactors: 'Local B-factor',
};

/** Units of outputs that surfaces are coloured by. */
const units: Readonly<Record<string, string>> = { localResolution: 'Å', bfactors: 'Å²' };
