import type { Measurement } from '../measurement.js';

const columns = { case: 58, value: 18, reference: 11, ratio: 9 } as const;

/** Three significant digits without exponent. */
const short = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));

const line = (name: string, value: string, reference: string, ratio: string, rest: string): string =>
  `  ${name.padEnd(columns.case)}${value.padStart(columns.value)}${reference.padStart(columns.reference)}${ratio.padStart(columns.ratio)}  ${rest}`.trimEnd();

export const heading = line('case', 'value', 'reference', 'ratio', 'reference is, goal');

export function row({ case: name, value, unit, reference, ratio, against, goal }: Measurement): string {
  const verdict = goal === null || ratio === null ? '' : `; wanted ${short(goal)}: ${ratio >= goal ? 'met' : 'MISSED'}`;
  return line(
    name,
    `${short(value)} ${unit}`,
    reference === null ? '' : short(reference),
    ratio === null ? '' : short(ratio),
    `${against ?? ''}${verdict}`,
  );
}
