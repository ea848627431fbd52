import type { Figure, Mark } from '../figure/figure.js';
import { element, escaped } from './markup.js';

/** A figure as inline SVG; colours come from the classes of the page's style sheet, so that they follow light and dark. */
export function svg(figure: Figure, id: string): string {
  return element(
    'svg',
    {
      viewBox: `0 0 ${figure.width} ${figure.height}`,
      role: 'img',
      'aria-labelledby': `${id}-description`,
      xmlns: 'http://www.w3.org/2000/svg',
    },
    element('title', { id: `${id}-description` }, escaped(figure.description)),
    ...figure.marks.map(markup),
  );
}

function markup(mark: Mark): string {
  if (mark.kind === 'text')
    return element(
      'text',
      {
        x: rounded(mark.x),
        y: rounded(mark.y),
        class: `fill-${mark.ink}`,
        'font-size': mark.size,
        'font-weight': mark.weight === 'bold' ? 600 : null,
        'text-anchor': mark.anchor === 'start' ? null : mark.anchor,
        transform: mark.upwards === true ? `rotate(-90 ${rounded(mark.x)} ${rounded(mark.y)})` : null,
      },
      escaped(mark.text),
    );
  const { path, stroke, fill, opacity } = mark;
  return element('path', {
    d: path,
    class: `${stroke === undefined ? 'no-stroke' : `stroke-${stroke.ink}`} ${fill === undefined ? 'no-fill' : `fill-${fill}`}`,
    'stroke-width': stroke?.width ?? null,
    'stroke-dasharray': stroke?.dash?.join(' ') ?? null,
    'fill-opacity': opacity ?? null,
  });
}

/** A hundredth of a point: enough for any screen or printer, and a third of the size of the page. */
const rounded = (value: number): number => Math.round(value * 100) / 100;
