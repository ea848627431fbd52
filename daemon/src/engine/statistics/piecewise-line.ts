/** A continuous line of several straight pieces. */
export interface PiecewiseLine {
  /** Abscissae of the ends of the pieces, the first and the last of the data among them. */
  readonly knots: readonly number[];
  /** One slope for each piece. */
  readonly slopes: readonly number[];
  /** Sum of squared differences. */
  readonly residual: number;
}

/**
 * Least-squares fit of a continuous line of `pieces` straight pieces, whose ends lie at data points with at least `least` points
 * to a piece. All choices of ends are tried, so the result is the best one and always the same; LocScale searches real-valued
 * ends with a stochastic optimiser (pwlf, differential evolution), whose answer changes from run to run.
 * Null with too few points. Costs O(n^(pieces - 1)) with sums taken from tables.
 */
export function fitPiecewiseLine(
  x: readonly number[],
  y: readonly number[],
  pieces: number,
  least = 3,
): PiecewiseLine | null {
  const n = x.length;
  if (n < pieces * least + 1) return null;
  const sums = tables(x, y);
  let best: (Fit & { readonly ends: readonly number[] }) | null = null;
  for (const inner of choices(pieces - 1, least, n - 1, least)) {
    const ends = [0, ...inner, n - 1];
    const fit = fitWithEnds(x, sums, ends);
    if (best === null || fit.residual < best.residual) best = { ...fit, ends };
  }
  if (best === null) return null;
  const knots = best.ends.map((i) => x[i] as number);
  const { values, residual } = best;
  const slopes = knots
    .slice(1)
    .map((knot, j) => ((values[j + 1] as number) - (values[j] as number)) / (knot - (knots[j] as number)));
  return { knots, slopes, residual };
}

/** Rising lists of `count` indices that are at least `least` from each other and from both ends. */
function* choices(count: number, from: number, last: number, least: number): Generator<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= last - least * count; i++)
    for (const rest of choices(count - 1, i + least, last, least)) yield [i, ...rest];
}

/** Sums of 1, x, x², y, xy and y² over the points before each index. */
type Tables = readonly Float64Array[];

function tables(x: readonly number[], y: readonly number[]): Tables {
  const terms = [
    () => 1,
    (i: number) => x[i] as number,
    (i: number) => (x[i] as number) ** 2,
    (i: number) => y[i] as number,
    (i: number) => (x[i] as number) * (y[i] as number),
    (i: number) => (y[i] as number) ** 2,
  ];
  return terms.map((term) => {
    const sums = new Float64Array(x.length + 1);
    for (let i = 0; i < x.length; i++) sums[i + 1] = (sums[i] as number) + term(i);
    return sums;
  });
}

interface Fit {
  /** Height of the line at each end of a piece. */
  readonly values: Float64Array;
  readonly residual: number;
}

/**
 * In piece j, with u from 0 at its left end to 1 at its right end, the line is v_j (1 - u) + v_(j+1) u. The normal equations of
 * the heights v are tridiagonal; a point at an end belongs to the piece on its right.
 */
function fitWithEnds(x: readonly number[], sums: Tables, ends: readonly number[]): Fit {
  const count = ends.length;
  const diagonal = new Float64Array(count);
  const beside = new Float64Array(count - 1);
  const right = new Float64Array(count);
  for (let j = 0; j + 1 < count; j++) {
    const [from, to] = [ends[j] as number, ends[j + 1] as number];
    const until = j + 2 === count ? to + 1 : to;
    const [n = 0, sx = 0, sxx = 0, sy = 0, sxy = 0] = sums.map((s) => (s[until] as number) - (s[from] as number));
    const [x0, width] = [x[from] as number, (x[to] as number) - (x[from] as number)];
    const u = (sx - n * x0) / width;
    const uu = (sxx - 2 * x0 * sx + n * x0 ** 2) / width ** 2;
    const uy = (sxy - x0 * sy) / width;
    diagonal[j] = (diagonal[j] as number) + n - 2 * u + uu;
    diagonal[j + 1] = uu;
    beside[j] = u - uu;
    right[j] = (right[j] as number) + sy - uy;
    right[j + 1] = uy;
  }
  const values = solveTridiagonal(diagonal, beside, right);
  const squares = sums[5]?.at(-1) ?? 0;
  return { values, residual: squares - values.reduce((sum, value, j) => sum + value * (right[j] as number), 0) };
}

/** Thomas's algorithm for a symmetric matrix. */
function solveTridiagonal(diagonal: Float64Array, beside: Float64Array, right: Float64Array): Float64Array {
  const [d, v] = [Float64Array.from(diagonal), Float64Array.from(right)];
  for (let j = 1; j < d.length; j++) {
    const factor = (beside[j - 1] as number) / (d[j - 1] as number);
    d[j] = (d[j] as number) - factor * (beside[j - 1] as number);
    v[j] = (v[j] as number) - factor * (v[j - 1] as number);
  }
  for (let j = d.length - 1; j >= 0; j--)
    v[j] =
      ((v[j] as number) - (j + 1 < d.length ? (beside[j] as number) * (v[j + 1] as number) : 0)) / (d[j] as number);
  return v;
}
