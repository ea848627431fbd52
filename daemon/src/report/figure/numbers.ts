const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const raised = (exponent: number): string =>
  (exponent < 0 ? '⁻' : '') + Array.from(String(Math.abs(exponent)), (digit) => superscripts[Number(digit)]).join('');

/** A number for people: four digits, a proper minus sign, powers of ten where they are shorter. */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  if (size < -4 || size > 6) {
    const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e');
    return minus(`${trimmed(mantissa)} · 10${raised(Number(exponent))}`);
  }
  // Whole numbers keep all their digits: voxel counts are exact.
  if (Number.isInteger(value)) return minus(grouped(String(value)));
  return minus(grouped(trimmed(value.toFixed(Math.max(0, digits - 1 - size)))));
}

/** 10³ for a tick of a logarithmic axis. */
export const powerText = (exponent: number): string => `10${raised(exponent)}`;

export const resolutionText = (angstrom: number): string =>
  `${angstrom >= 10 ? angstrom.toFixed(1) : angstrom.toFixed(2)}\u00a0Å`;

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const minus = (text: string): string => text.replace(/^-/, '−');

/** Thin spaces between groups of three digits from 10 000 on. */
const grouped = (text: string): string => {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.replace('-', '').length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
};
