/** Pearson's correlation of two maps over the chosen voxels. */
export function pearson(a: Float32Array, b: Float32Array, chosen: readonly number[]): number {
  const mean = (map: Float32Array): number => chosen.reduce((sum, i) => sum + (map[i] ?? NaN), 0) / chosen.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const i of chosen) {
    const [x, y] = [(a[i] ?? NaN) - meanA, (b[i] ?? NaN) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}
