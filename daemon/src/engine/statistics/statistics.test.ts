import { describe, expect, it } from 'vitest';
import { determination } from './determination.js';
import { fitPiecewiseLine } from './piecewise-line.js';
import { seededRandom } from './seeded-random.js';

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

describe('the fit of a line of several pieces', () => {
  it('finds breaks and slopes of a line without noise', () => {
    const x = range(41).map((i) => i / 40);
    const y = x.map((u) => (u < 0.25 ? 3 - 8 * u : u < 0.6 ? 1 + 2 * (u - 0.25) : 1.7 - 5 * (u - 0.6)));
    const fit = fitPiecewiseLine(x, y, 3);
    expect(fit?.knots.map((knot) => Number(knot.toFixed(6)))).toEqual([0, 0.25, 0.6, 1]);
    [-8, 2, -5].forEach((slope, i) => {
      expect(fit?.slopes[i]).toBeCloseTo(slope, 6);
    });
    expect(Math.abs(fit?.residual ?? NaN)).toBeLessThan(1e-9);
  });

  it('is the straight line for one piece: slope by the closed form', () => {
    const random = seededRandom(3);
    const x = range(30).map((i) => i + random());
    const y = x.map((u) => 2 * u + random());
    const [mx, my] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / 30) as [number, number];
    const slope =
      x.reduce((sum, u, i) => sum + (u - mx) * ((y[i] ?? 0) - my), 0) / x.reduce((sum, u) => sum + (u - mx) ** 2, 0);
    expect(fitPiecewiseLine(x, y, 1)?.slopes[0]).toBeCloseTo(slope, 9);
  });

  it('is no worse than any other choice of ends on noise, by a direct solution', () => {
    const random = seededRandom(11);
    const x = range(16);
    const y = x.map(() => random());
    const best = fitPiecewiseLine(x, y, 2)?.residual ?? NaN;
    const direct = x.slice(3, -3).map((knot) => residualWithKnot(x, y, knot));
    expect(best).toBeCloseTo(Math.min(...direct), 9);
  });

  it('needs three points for each piece', () => {
    expect(fitPiecewiseLine(range(9), range(9), 3)).toBeNull();
    expect(fitPiecewiseLine(range(10), range(10), 3)).not.toBeNull();
  });
});

/** Residual of 1, x and max(0, x - knot) by Gram–Schmidt: a second way to the same line. */
function residualWithKnot(x: readonly number[], y: readonly number[], knot: number): number {
  const basis: (readonly number[])[] = [];
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  const rest = (vector: readonly number[]): readonly number[] =>
    basis.reduce((left, unit) => {
      const share = dot(left, unit);
      return left.map((value, i) => value - share * (unit[i] ?? 0));
    }, vector);
  for (const column of [x.map(() => 1), x, x.map((value) => Math.max(0, value - knot))]) {
    const own = rest(column);
    const length = Math.sqrt(dot(own, own));
    basis.push(own.map((value) => value / length));
  }
  const left = rest(y);
  return dot(left, left);
}

describe('R²', () => {
  it('is 1 for what the polynomial can follow and 0 for what it cannot', () => {
    const x = range(21).map((i) => i - 10);
    expect(
      determination(
        x,
        x.map((u) => 3 * u - 4),
        1,
      ),
    ).toBeCloseTo(1, 12);
    expect(
      determination(
        x,
        x.map((u) => u ** 2),
        1,
      ),
    ).toBeCloseTo(0, 12);
    expect(
      determination(
        x,
        x.map((u) => 5 - u + 2 * u ** 2),
        2,
      ),
    ).toBeCloseTo(1, 12);
  });

  it('is the square of the correlation for a line', () => {
    // Covariance 2.5, variances 5.25 and 2.5, all over n.
    expect(determination([1, 2, 4, 7], [2, 1, 5, 4], 1)).toBeCloseTo(2.5 ** 2 / (5.25 * 2.5), 9);
  });

  it('is undefined without spread', () => {
    expect(determination([1, 1, 1, 1], [1, 2, 3, 4], 1)).toBeNull();
    expect(determination([1, 2, 3, 4], [5, 5, 5, 5], 1)).toBeNull();
    expect(determination([1, 2, 1, 2, 1], [1, 2, 3, 4, 5], 2)).toBeNull();
  });
});

describe('seeded numbers', () => {
  it('repeat, differ by seed, and fill the interval evenly', () => {
    const draw = (seed: number): readonly number[] => {
      const random = seededRandom(seed);
      return range(20_000).map(random);
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)[0]).not.toBe(draw(6)[0]);
    const numbers = draw(1);
    const bins = range(10).map((bin) => numbers.filter((value) => Math.floor(10 * value) === bin).length);
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200); // 4.7 standard deviations
    expect(Math.max(...numbers)).toBeLessThan(1);
  });
});
