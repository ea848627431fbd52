import type { Dash, Ink } from './ink.js';

/** A drawing that both outputs can show: SVG in a page, vectors in a PDF. Lengths are in points, y runs down. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  /** What the drawing shows, for those who do not see it. */
  readonly description: string;
  readonly marks: readonly Mark[];
}

export type Mark =
  | {
      readonly kind: 'path';
      /** Path data of SVG. */
      readonly path: string;
      readonly stroke?: Stroke;
      readonly fill?: Ink;
      /** Opacity of the fill. */
      readonly opacity?: number;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** Baseline. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly ink: Ink;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly weight?: 'regular' | 'bold';
      /** Turned a quarter to read upwards. */
      readonly upwards?: boolean;
    };

export interface Stroke {
  readonly ink: Ink;
  readonly width: number;
  readonly dash?: Dash | null;
}

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: Stroke): Mark => ({
  kind: 'path',
  path: `M${round(x1)},${round(y1)}L${round(x2)},${round(y2)}`,
  stroke,
});

/** A hundredth of a point is below what any printer shows. */
const round = (value: number): number => Math.round(value * 100) / 100;
