/** What contouring and scaling on the GPU rely on; `sigma` is the standard deviation about the mean. */
export interface MapStatistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sigma: number;
}

/** Statistics of all finite voxels, in double precision. */
export function measure(values: Float32Array): MapStatistics {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
    count++;
  }
  if (count === 0) return { min: 0, max: 0, mean: 0, sigma: 0 };
  const mean = sum / count;
  return { min, max, mean, sigma: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}
