/**
 * R² of the least-squares polynomial of y on x: 1 - residual / spread about the mean. Null with too few points or without any
 * spread. The abscissae are shifted and scaled first, so that powers of large numbers do not cost precision.
 */
export function determination(x: readonly number[], y: readonly number[], degree: 1 | 2): number | null {
  const n = x.length;
  const terms = degree + 1;
  if (n <= terms) return null;
  const [mx, my] = [mean(x), mean(y)];
  const scale = Math.sqrt(mean(x.map((value) => (value - mx) ** 2)));
  const spread = y.reduce((sum, value) => sum + (value - my) ** 2, 0);
  if (!(scale > 0 && spread > 0)) return null;
  // Modified Gram–Schmidt on the columns 1, u, u²: what each new direction explains of y is taken off the residual.
  const columns = Array.from({ length: terms }, (_, power) => x.map((value) => ((value - mx) / scale) ** power));
  const basis: (readonly number[])[] = [];
  let residual: readonly number[] = y;
  for (let column of columns as readonly (readonly number[])[]) {
    const before = dot(column, column);
    for (const direction of basis) column = without(column, direction);
    const length = Math.sqrt(dot(column, column));
    // A column that the others make up: fewer different abscissae than terms.
    if (length ** 2 <= 1e-12 * before) return null;
    const direction = column.map((value) => value / length);
    basis.push(direction);
    residual = without(residual, direction);
  }
  return 1 - dot(residual, residual) / spread;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

const without = (vector: readonly number[], direction: readonly number[]): readonly number[] => {
  const share = dot(vector, direction);
  return vector.map((value, i) => value - share * (direction[i] as number));
};
