import type { Layer, SceneMap } from '@chimerax-like/rpc';
import type { ReactElement } from 'react';
import { type Level, slotOf } from '../core/index.js';
import { Slider } from './row.js';
import { useSides, useSignal, useWorkbench } from './use-signal.js';

/** The contour level of a layer, in σ and in the map's own numbers. */
export function LayerLevel({
  map,
  layer,
  isOnly,
}: {
  readonly map: SceneMap;
  readonly layer: Layer;
  /** No other density of the map is on the screen, so it need not be named. */
  readonly isOnly: boolean;
}): ReactElement | null {
  const { mirror } = useWorkbench();
  const sides = useSides();
  useSignal(sides.panes);
  const maps = useSignal(sides.sceneOf(map.id, layer.name).maps);
  const shown = maps.find(({ slot }) => slot === slotOf(map.id, layer.name));
  if (shown?.level === undefined || shown.statistics === undefined) return null;
  const { level, statistics } = shown;
  const { min, max, mean, sigma } = statistics;
  const slide = (kind: Level['kind'], value: number): void => mirror.slide(map, layer, { level: { kind, value } });
  const inSigma = (absolute: number): number => (sigma === 0 ? 0 : (absolute - mean) / sigma);
  return (
    <>
      <Slider
        label={isOnly ? 'Level' : layer.name}
        name={`level of ${layer.name}`}
        title="Level = mean + value × standard deviation; follows the map when it is replaced"
        unit="σ"
        value={level.sigma}
        min={Math.max(-2, inSigma(min))}
        max={inSigma(max)}
        step={0.05}
        onChange={(value) => slide('sigma', value)}
      />
      <Slider
        label="absolute"
        name={`level of ${layer.name}, as a number`}
        title={`The map goes from ${min.toPrecision(4)} to ${max.toPrecision(4)}; this number stays when the map is replaced`}
        value={level.absolute}
        min={Math.max(min, mean - 2 * sigma)}
        max={max}
        step={Number(((max - min) / 500).toPrecision(2))}
        onChange={(value) => slide('absolute', value)}
      />
      {shown.outside && (
        <div className="locscale-note" data-name="outside">
          Nothing is drawn: the level lies outside the map, which goes from {min.toPrecision(3)} to {max.toPrecision(3)}
          .
        </div>
      )}
    </>
  );
}
