import { LocScaleError } from '@chimerax-like/rpc';

type Shape = readonly [number, number, number];

/** A box in voxels, each range half open and in array order (z, y, x), thinned to every `step`-th voxel. */
export interface Region {
  readonly z: readonly [number, number];
  readonly y: readonly [number, number];
  readonly x: readonly [number, number];
  readonly step: number;
}

const lengthOf = ([start, end]: readonly [number, number], step: number): number => Math.ceil((end - start) / step);

/** Shape (z, y, x) of what `extractRegion` returns. */
export const regionShape = (region: Region): [number, number, number] => [
  lengthOf(region.z, region.step),
  lengthOf(region.y, region.step),
  lengthOf(region.x, region.step),
];

const checkRange = (axis: string, [start, end]: readonly [number, number], length: number): void => {
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= length) return;
  throw new LocScaleError(
    'input.parameter',
    `The region asks for ${axis} ${start}:${end}, but the volume has ${axis} 0:${length}; give whole numbers, the start below the end.`,
    { seen: [start, end], expected: [0, length] },
  );
};

/** Refuses a region that does not lie inside the volume or is empty. */
export const checkRegion = (shape: Shape, region: Region): void => {
  checkRange('z', region.z, shape[0]);
  checkRange('y', region.y, shape[1]);
  checkRange('x', region.x, shape[2]);
  if (!Number.isInteger(region.step) || region.step < 1)
    throw new LocScaleError(
      'input.parameter',
      `The step is ${region.step}, but a whole number of at least 1 is expected; give another step.`,
      { seen: region.step },
    );
};

/** Copies a box out of a volume, taking every `step`-th voxel along each axis from the box’s first corner on. */
export const extractRegion = (voxels: Float32Array, shape: Shape, region: Region): Float32Array => {
  checkRegion(shape, region);
  const [nz, ny, nx] = regionShape(region);
  const out = new Float32Array(nz * ny * nx);
  let to = 0;
  for (let z = region.z[0]; z < region.z[1]; z += region.step)
    for (let y = region.y[0]; y < region.y[1]; y += region.step) {
      const row = (z * shape[1] + y) * shape[2];
      if (region.step === 1) {
        out.set(voxels.subarray(row + region.x[0], row + region.x[1]), to);
        to += nx;
      } else for (let x = region.x[0]; x < region.x[1]; x += region.step) out[to++] = voxels[row + x] as number;
    }
  return out;
};
