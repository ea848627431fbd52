import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line as curveOf } from 'd3-shape';
import { bottomAxis, type Frame, labelSize, leftAxis, resolutionAxis, type Scale } from './axes.js';
import { type Figure, line, type Mark } from './figure.js';
import { seriesStyle } from './ink.js';
import { resolutionText } from './numbers.js';

/** What a plot of curves shows. */
export interface ChartContent {
  readonly description: string;
  readonly x: { readonly name: string; readonly kind: 'frequency' | 'plain' };
  readonly y: {
    readonly name: string;
    readonly kind: 'linear' | 'log';
    /** Both ends always shown. */
    readonly includes?: readonly number[];
  };
  readonly curves: readonly ChartCurve[];
  /** Horizontal lines with a name. */
  readonly thresholds?: readonly { readonly at: number; readonly name: string }[];
  /** Resolutions in Å marked on a frequency axis. */
  readonly resolutions?: readonly number[];
  readonly width?: number;
  readonly height?: number;
}

export interface ChartCurve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Filled down to the axis, for distributions. */
  readonly filled?: boolean;
}

const legendRow = 14;
/** Mean width of a letter of Source Sans, in parts of its size; for the layout of the legend only. */
const letterWidth = 0.5;

/** Draws curves with named axes, units, a legend and thresholds. */
export function chart(content: ChartContent): Figure {
  const { width = 480, height = 248, x, y, curves, thresholds = [] } = content;
  const points = curves.map((curve) => usable(curve, y.kind === 'log'));
  if (points.every((curve) => curve.length === 0))
    throw new Error('no curve has a value that can be drawn; check the maps that it was computed from');

  const legend = legendMarks(curves, width);
  const frame: Frame = {
    left: 52,
    right: width - 12,
    top: 10 + legend.height + (x.kind === 'frequency' ? 34 : 0),
    bottom: height - 36,
  };
  const all = points.flat();
  const xScale: Scale = scaleLinear(
    extent(
      all.map(([at]) => at),
      x.kind === 'frequency' ? [0] : [],
    ),
    [frame.left, frame.right],
  );
  const yValues = extent(
    all.map(([, value]) => value),
    y.includes ?? [],
  );
  const range = [frame.bottom, frame.top] as const;
  const yScale: Scale = (y.kind === 'log' ? scaleLog(yValues, range) : scaleLinear(yValues, range)).nice();

  return {
    width,
    height,
    description: content.description,
    marks: [
      ...bottomAxis(xScale, x.name, frame),
      ...leftAxis(yScale, y.name, y.kind === 'log', frame),
      ...(x.kind === 'frequency' ? resolutionAxis(xScale, frame) : []),
      ...thresholds.flatMap(({ at, name }) => thresholdMarks(yScale(at), name, frame)),
      ...(content.resolutions ?? []).flatMap((resolution) => crossingMarks(xScale, resolution, frame)),
      ...points.flatMap((curve, index) =>
        curveMarks(curve, index, xScale, yScale, curves[index]?.filled === true ? frame.bottom : null),
      ),
      ...legend.marks,
    ],
  };
}

type Point = readonly [x: number, y: number];

/** Points that have a place on the axes: finite, and above zero on a logarithmic one. */
function usable({ x, y }: ChartCurve, positive: boolean): readonly Point[] {
  const points: Point[] = [];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [at, value] = [x[i] as number, y[i] as number];
    if (Number.isFinite(at) && Number.isFinite(value) && (!positive || value > 0)) points.push([at, value]);
  }
  return points;
}

function extent(values: readonly number[], includes: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [...values, ...includes]) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // A single value still needs an axis around it.
  return low < high ? [low, high] : [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2];
}

function curveMarks(points: readonly Point[], index: number, x: Scale, y: Scale, base: number | null): readonly Mark[] {
  const { ink, dash } = seriesStyle(index);
  const path =
    curveOf<Point>(
      ([at]) => x(at),
      ([, value]) => y(value),
    ).digits(2)([...points]) ?? '';
  const filled =
    base === null
      ? null
      : area<Point>(
          ([at]) => x(at),
          base,
          ([, value]) => y(value),
        ).digits(2)([...points]);
  return [
    ...(filled === null ? [] : [{ kind: 'path', path: filled, fill: ink, opacity: 0.14 } as const]),
    { kind: 'path', path, stroke: { ink, width: 1.6, dash } },
  ];
}

/** Its name stands on the left, where curves of correlation are still high. */
function thresholdMarks(y: number, name: string, { left, right }: Frame): readonly Mark[] {
  return [
    line(left, y, right, y, { ink: 'muted', width: 0.9, dash: [3, 2.5] }),
    { kind: 'text', x: left + 4, y: y - 3, text: name, size: 8, ink: 'muted', anchor: 'start' },
  ];
}

/** A line where a curve crosses a threshold; its name stands on the left, where the curve is still above. */
function crossingMarks(x: Scale, resolution: number, { top, bottom, right }: Frame): readonly Mark[] {
  const at = x(1 / resolution);
  if (at > right) return [];
  return [
    line(at, top, at, bottom, { ink: 'muted', width: 0.75, dash: [1, 2] }),
    {
      kind: 'text',
      x: at - 3,
      y: bottom - 4,
      text: resolutionText(resolution),
      size: 8,
      ink: 'text',
      anchor: 'end',
    },
  ];
}

function legendMarks(
  curves: readonly ChartCurve[],
  width: number,
): { readonly marks: readonly Mark[]; readonly height: number } {
  const sample = 20;
  const marks: Mark[] = [];
  let [x, row] = [52, 0];
  for (const [index, { name }] of curves.entries()) {
    const needed = sample + 6 + name.length * letterWidth * labelSize + 16;
    if (x > 52 && x + needed > width - 8) [x, row] = [52, row + 1];
    const { ink, dash } = seriesStyle(index);
    const y = 12 + row * legendRow;
    marks.push(line(x, y - 3, x + sample, y - 3, { ink, width: 2, dash }));
    marks.push({ kind: 'text', x: x + sample + 6, y, text: name, size: labelSize, ink: 'text', anchor: 'start' });
    x += needed;
  }
  return { marks, height: (row + 1) * legendRow };
}
