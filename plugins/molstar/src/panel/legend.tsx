import type { ReactElement } from 'react';
import { Color } from 'molstar/lib/mol-util/color/index.js';
import { evenColours, type Scale } from '../core/index.js';

/** Colours of a scale with the values at its ends; drawn from the list that the surface is painted with. */
export function Legend({
  scale,
  name,
  unit,
}: {
  readonly scale: Scale;
  readonly name: string;
  readonly unit: string;
}): ReactElement {
  const colours = evenColours(scale, 33).map((colour) => Color.toStyle(colour));
  const [low, high] = scale.range;
  const middle = (low + high) / 2;
  return (
    <figure className="locscale-legend" data-name="legend">
      <figcaption>
        {name}
        {unit === '' ? '' : `, ${unit}`}
      </figcaption>
      <div className="locscale-legend-bar" style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />
      <div className="locscale-legend-ends">
        <span>≤ {text(low)}</span>
        <span>{text(middle)}</span>
        <span>≥ {text(high)}</span>
      </div>
    </figure>
  );
}

const text = (value: number): string => String(Number(value.toPrecision(3)));
