/** Sections of a volume that is exactly 0 outside a mask: the stretches that are not, so that a kept slab takes the mask's room. */
export interface SparseSections {
  /** First voxel and length of each stretch, counted from the first voxel of the sections. */
  readonly stretches: Uint32Array;
  readonly values: Float32Array;
}

/** Shorter gaps are kept as zeros: a stretch costs two numbers. */
const shortestGap = 4;

export function pack(voxels: Float32Array): SparseSections {
  // As bits, -0 and denormals count as something.
  const bits = new Int32Array(voxels.buffer, voxels.byteOffset, voxels.length);
  const stretches: number[] = [];
  let kept = 0;
  for (let i = 0; i < bits.length;) {
    if (bits[i] === 0) {
      i++;
      continue;
    }
    const first = i;
    let end = i + 1;
    for (i = end; i < bits.length && i - end < shortestGap; i++) if (bits[i] !== 0) end = i + 1;
    stretches.push(first, end - first);
    kept += end - first;
  }
  const values = new Float32Array(kept);
  forEachStretch(stretches, (first, length, at) => values.set(voxels.subarray(first, first + length), at));
  return { stretches: Uint32Array.from(stretches), values };
}

/** Writes the stretches into `voxels`, which must be 0. */
export function unpack({ stretches, values }: SparseSections, voxels: Float32Array): void {
  forEachStretch(stretches, (first, length, at) => voxels.set(values.subarray(at, at + length), first));
}

function forEachStretch(
  stretches: ArrayLike<number>,
  visit: (first: number, length: number, at: number) => void,
): void {
  for (let i = 0, at = 0; i < stretches.length; i += 2) {
    const length = stretches[i + 1] as number;
    visit(stretches[i] as number, length, at);
    at += length;
  }
}
