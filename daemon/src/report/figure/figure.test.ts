import { describe, expect, it } from 'vitest';
import { chart, type ChartContent } from './chart.js';
import { commonAxis, density } from './density.js';
import type { Mark } from './figure.js';
import { numberText, powerText } from './numbers.js';

const texts = (marks: readonly Mark[]): readonly string[] =>
  marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));

describe('numbers', () => {
  it.each([
    [25.758986, '25.76'],
    [-0.5, '−0.5'],
    [0, '0'],
    [1204, '1204'],
    [25412.2, '25\u202f412'],
    [1234567, '1\u202f234\u202f567'],
    [0.00001234, '1.234 · 10⁻⁵'],
    [6.02214e23, '6.022 · 10²³'],
    [0.143, '0.143'],
    [99999.7, '100\u202f000'],
    [NaN, 'not a number'],
    [-Infinity, '−∞'],
  ])('%d is written %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('raises powers', () => {
    expect([3, 0, -12].map(powerText)).toEqual(['10³', '10⁰', '10⁻¹²']);
  });
});

describe('charts', () => {
  const base: ChartContent = {
    description: 'A curve.',
    x: { name: 'spatial frequency (1/Å)', kind: 'frequency' },
    y: { name: 'amplitude', kind: 'log' },
    curves: [{ name: 'map', x: [0.05, 0.1, 0.2, 0.4], y: [1000, 100, 0, 1] }],
  };

  it('keep all curves inside the frame, and leave out what a logarithm does not have', () => {
    const { marks, width, height } = chart(base);
    const curve = marks.find((mark) => mark.kind === 'path' && mark.stroke?.ink === 'series1');
    if (curve?.kind !== 'path') throw new Error('the curve is missing');
    const points = curve.path.slice(1).split('L');
    expect(points).toHaveLength(3);
    for (const [x = NaN, y = NaN] of points.map((point) => point.split(',').map(Number))) {
      expect(x).toBeGreaterThan(50);
      expect(x).toBeLessThanOrEqual(width - 12);
      expect(y).toBeGreaterThan(20);
      expect(y).toBeLessThan(height - 30);
    }
  });

  it('name decades, and resolutions in Å above frequencies, each where its frequency is', () => {
    const { marks } = chart(base);
    expect(texts(marks)).toEqual(expect.arrayContaining(['10⁰', '10¹', '10²', '10³', '10', '5', '0.1', '0.2', 'map']));
    const at = (text: string): number => {
      const found = marks.find((mark) => mark.kind === 'text' && mark.text === text);
      return found?.kind === 'text' ? found.x : NaN;
    };
    expect(at('5')).toBeCloseTo(at('0.2'), 6);
    expect(at('10')).toBeCloseTo(at('0.1'), 6);
  });

  it('refuse to draw nothing', () => {
    expect(() => chart({ ...base, curves: [{ name: 'map', x: [1], y: [-1] }] })).toThrow(/no curve/);
  });
});

describe('kernel density', () => {
  it('of a normal sample is a normal curve of area 1', () => {
    // Quantiles of the normal distribution stand for a sample without chance: inverse error function by bisection.
    const samples = Float64Array.from({ length: 999 }, (_, i) => 40 + 12 * normalQuantile((i + 1) / 1000));
    const axis = commonAxis([samples]);
    const { values, median, tenth, ninetieth } = density(samples, axis);
    const step = (axis[1] ?? 0) - (axis[0] ?? 0);
    expect(values.reduce((sum, value) => sum + value * step, 0)).toBeCloseTo(1, 2);
    expect(median).toBeCloseTo(40, 6);
    expect((ninetieth - tenth) / 2 / 12).toBeCloseTo(1.2816, 2);
    expect(Math.max(...values)).toBeCloseTo(1 / (12 * Math.sqrt(2 * Math.PI)), 2);
  });

  it('survives samples that are all alike', () => {
    const { values } = density([5, 5, 5], commonAxis([[5, 5, 5]]));
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** Integral of the normal density up to x, Simpson's rule from -8. */
function normalShare(x: number): number {
  const steps = 400;
  const width = (x + 8) / steps;
  const f = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = f(-8) + f(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 0 ? 2 : 4) * f(-8 + i * width);
  return (sum * width) / 3;
}
