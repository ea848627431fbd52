/** Smallest of the `count` largest of `values`; anything at `floor` or below does not count. */
export function valueOfRank(values: Float32Array, count: number, floor: number): number {
  const bins = 1 << 16;
  let high = floor;
  for (const value of values) high = value > high ? value : high;
  const scale = bins / (high - floor);
  const binOf = (value: number): number => Math.min(bins - 1, Math.floor((value - floor) * scale));
  const histogram = new Uint32Array(bins);
  for (const value of values) {
    if (value > floor) histogram[binOf(value)] = (histogram[binOf(value)] as number) + 1;
  }
  let left = count;
  let bin = bins - 1;
  while (bin > 0 && left > (histogram[bin] as number)) left -= histogram[bin--] as number;
  const candidates = values.filter((value) => value > floor && binOf(value) === bin).sort();
  return candidates[candidates.length - left] as number;
}

/** Mask of the `count` voxels of a cube where `values` is largest among the positive ones `margin` or more from its faces. */
export function largestVoxels(values: Float32Array, edge: number, count: number, margin: number): Uint8Array {
  const allowed = new Float32Array(values.length);
  for (let z = margin; z < edge - margin; z++) {
    for (let y = margin; y < edge - margin; y++) {
      const row = (z * edge + y) * edge;
      allowed.set(values.subarray(row + margin, row + edge - margin), row + margin);
    }
  }
  const threshold = valueOfRank(allowed, count, 0);
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = (allowed[i] as number) >= threshold ? 1 : 0;
  return mask;
}

export interface MaskShape {
  readonly voxels: number;
  /** Mean length of the unbroken runs of mask voxels along x. */
  readonly meanRun: number;
}

export function maskShape(mask: Uint8Array, edge: number): MaskShape {
  let voxels = 0;
  let runs = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    voxels += 1;
    if (i % edge === 0 || mask[i - 1] === 0) runs += 1;
  }
  return { voxels, meanRun: voxels / runs };
}

/** Indices of about `count` mask voxels, evenly spread. */
export function sampleVoxels(mask: Uint8Array, count: number): Uint32Array {
  const total = mask.reduce((sum, value) => sum + value, 0);
  const every = Math.max(1, Math.floor(total / count));
  const sample: number[] = [];
  let seen = 0;
  mask.forEach((value, i) => {
    if (value !== 0 && seen++ % every === 0) sample.push(i);
  });
  return Uint32Array.from(sample);
}
