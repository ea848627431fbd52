import type { ScaleContinuousNumeric } from 'd3-scale';
import { line, type Mark, type Stroke } from './figure.js';
import { numberText, powerText } from './numbers.js';

/** Where the curves lie, in points from the top left corner of the figure. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Scale = ScaleContinuousNumeric<number, number>;

export const labelSize = 8.5;
const tickSize = 8;
const tick: Stroke = { ink: 'muted', width: 0.75 };
const grid: Stroke = { ink: 'grid', width: 0.75 };

/** Å values that people name, for the second axis above a frequency axis. */
const namedResolutions = [
  50, 30, 20, 15, 10, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.8, 2.5, 2.2, 2, 1.8, 1.6, 1.5, 1.4, 1.2, 1, 0.8,
];

const label = (text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end'): Mark => ({
  kind: 'text',
  text,
  x,
  y,
  anchor,
  size: tickSize,
  ink: 'muted',
});

const title = (text: string, x: number, y: number): Mark => ({
  kind: 'text',
  text,
  x,
  y,
  anchor: 'middle',
  size: labelSize,
  ink: 'text',
});

/** Axis under the frame, with its name. */
export function bottomAxis(scale: Scale, name: string, { left, right, top, bottom }: Frame): readonly Mark[] {
  const values = scale.ticks(7);
  return [
    ...values.map((value) => line(scale(value), top, scale(value), bottom, grid)),
    line(left, bottom, right, bottom, { ink: 'muted', width: 1 }),
    ...values.flatMap((value) => [
      line(scale(value), bottom, scale(value), bottom + 4, tick),
      label(numberText(value, 6), scale(value), bottom + 14, 'middle'),
    ]),
    title(name, (left + right) / 2, bottom + 28),
  ];
}

/** Resolutions in Å above a frame whose lower axis counts 1/Å. */
export function resolutionAxis(scale: Scale, { left, right, top }: Frame): readonly Mark[] {
  const marks: Mark[] = [
    line(left, top, right, top, { ink: 'rule', width: 0.75 }),
    title('resolution (Å)', (left + right) / 2, top - 21),
  ];
  let last = left - 20;
  for (const resolution of namedResolutions) {
    const x = scale(1 / resolution);
    if (x < left || x > right || x - last < 24) continue;
    last = x;
    marks.push(line(x, top, x, top - 4, tick), label(String(resolution), x, top - 7.5, 'middle'));
  }
  return marks;
}

/** Axis left of the frame, with its name; `powers`: the scale is logarithmic. */
export function leftAxis(scale: Scale, name: string, powers: boolean, frame: Frame): readonly Mark[] {
  const { left, right, top, bottom } = frame;
  const [low = 0, high = 1] = scale.domain();
  const decades = Math.log10(high / low);
  const exponents = powers && decades >= 2 ? wholeExponents(low, high, Math.ceil(decades / 6)) : [];
  const ticks =
    exponents.length > 0
      ? exponents.map((exponent) => ({ at: 10 ** exponent, text: powerText(exponent) }))
      : scale.ticks(5).map((value) => ({ at: value, text: numberText(value, 6) }));
  return [
    ...ticks.flatMap(({ at, text }) => [
      line(left, scale(at), right, scale(at), grid),
      line(left - 4, scale(at), left, scale(at), tick),
      label(text, left - 7, scale(at) + 2.8, 'end'),
    ]),
    line(left, top, left, bottom, { ink: 'muted', width: 1 }),
    {
      kind: 'text',
      text: name,
      x: 11,
      y: (top + bottom) / 2,
      anchor: 'middle',
      size: labelSize,
      ink: 'text',
      upwards: true,
    },
  ];
}

function wholeExponents(low: number, high: number, step: number): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step);
}
