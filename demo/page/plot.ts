/** Colour of a curve: a class of the page's style sheet, so that light and dark pages each have their own. */
export type SeriesStyle = 'before' | 'after' | 'truth' | 'reference' | 'global' | 'half';

export interface Series {
  readonly label: string;
  readonly style: SeriesStyle;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Band about the line, in the order of `points`. */
  readonly band?: readonly (readonly [lower: number, upper: number])[];
  readonly markers?: boolean;
}

export interface Axis {
  readonly label: string;
  readonly range: readonly [number, number];
  readonly ticks: readonly (readonly [at: number, label: string])[];
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Horizontal lines with a label, e.g. the 0.143 of an FSC. */
  readonly levels?: readonly (readonly [at: number, label: string])[];
}

export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const size = { width: 560, height: 340, left: 62, right: 14, top: 12, bottom: 52 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };

const at = (value: number): string => value.toFixed(1);

const legend = (series: readonly Series[]): string =>
  `<ul class="legend">${series.map(({ label, style }) => `<li class="${style}"><i></i>${escapeText(label)}</li>`).join('')}</ul>`;

/** A line plot as a figure with an inline SVG; curves leave the frame where they leave the ranges. */
export const linePlot = ({ title, x, y, series, levels = [] }: Plot): string => {
  const px = (value: number): number => size.left + (inner.width * (value - x.range[0])) / (x.range[1] - x.range[0]);
  const py = (value: number): number =>
    size.top + inner.height * (1 - (value - y.range[0]) / (y.range[1] - y.range[0]));
  const clip = `clip-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;

  const grid = [
    ...x.ticks.map(
      ([value, label]) =>
        `<path class="grid" d="M${at(px(value))} ${size.top}v${inner.height}"/><text class="tick" x="${at(px(value))}" y="${size.top + inner.height + 18}" text-anchor="middle">${escapeText(label)}</text>`,
    ),
    ...y.ticks.map(
      ([value, label]) =>
        `<path class="grid" d="M${size.left} ${at(py(value))}h${inner.width}"/><text class="tick" x="${size.left - 8}" y="${at(py(value) + 4)}" text-anchor="end">${escapeText(label)}</text>`,
    ),
    ...levels.map(
      ([value, label]) =>
        `<path class="level" d="M${size.left} ${at(py(value))}h${inner.width}"/><text class="tick" x="${size.left + inner.width - 4}" y="${at(py(value) - 5)}" text-anchor="end">${escapeText(label)}</text>`,
    ),
  ].join('');

  const curves = series.map(({ points, style, band, markers }) => {
    const line = points.map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${at(px(a))} ${at(py(b))}`).join('');
    const edge = (side: 0 | 1): string[] =>
      (band ?? []).map((limits, i) => `${at(px(points[i]?.[0] ?? 0))} ${at(py(limits[side]))}`);
    const area =
      band === undefined ? '' : `<path class="band ${style}" d="M${[...edge(0), ...edge(1).reverse()].join('L')}Z"/>`;
    const dots =
      markers === true
        ? points.map(([a, b]) => `<circle class="dot ${style}" cx="${at(px(a))}" cy="${at(py(b))}" r="3.2"/>`).join('')
        : '';
    return `${area}<path class="curve ${style}" d="${line}"/>${dots}`;
  });

  return `<figure><figcaption>${escapeText(title)}</figcaption>${legend(series)}
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeText(title)}">
<clipPath id="${clip}"><rect x="${size.left}" y="${size.top}" width="${inner.width}" height="${inner.height}"/></clipPath>
${grid}<g clip-path="url(#${clip})">${curves.join('')}</g>
<path class="frame" d="M${size.left} ${size.top}v${inner.height}h${inner.width}"/>
<text class="label" x="${size.left + inner.width / 2}" y="${size.height - 8}" text-anchor="middle">${escapeText(x.label)}</text>
<text class="label" transform="translate(16 ${size.top + inner.height / 2}) rotate(-90)" text-anchor="middle">${escapeText(y.label)}</text>
</svg></figure>`;
};

/** Ticks of a resolution axis: positions in 1/Å, labels in Å. */
export const resolutionTicks = (resolutions: readonly number[]): (readonly [number, string])[] =>
  resolutions.map((d) => [1 / d, String(d)] as const);
