import { scaleWindows, type AtomicForm, type ScaleWindowsInput, type Shape } from '@locscale/native';
import { maskVoxels, scaleWindowsOracle } from '@locscale/native/oracle';
import { randomMap, randomNumbers } from './helpers.js';

export type Centre = readonly [z: number, y: number, x: number];

/** Calls `visit` for every voxel of a box in C order. */
export function eachVoxel([nz, ny, nx]: Shape, visit: (index: number, z: number, y: number, x: number) => void): void {
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) visit(i, z, y, x);
    }
  }
}

/** 1 inside a ball around the centre of the box, 0 elsewhere. */
export function ballMask(
  shape: Shape,
  radius: number,
  centre: Centre = [shape[0] / 2, shape[1] / 2, shape[2] / 2],
): Uint8Array {
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  eachVoxel(shape, (i, z, y, x) => {
    if ((z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2 < radius ** 2) mask[i] = 1;
  });
  return mask;
}

/** A mask of lonely voxels and short runs, at least `margin` voxels from the box's ends. */
export function raggedMask(shape: Shape, margin: number, share: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  const mask = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const inside = (i: number, n: number): boolean => i >= margin && i <= n - margin;
  eachVoxel(shape, (i, z, y, x) => {
    if (inside(z, shape[0]) && inside(y, shape[1]) && inside(x, shape[2]) && random() < share) mask[i] = 1;
  });
  return mask;
}

/** Blobs of unlike width, so that amplitudes fall off with frequency as a map's do, over weak noise. */
export function blobMap(shape: Shape, seed: number, width = 1.5, noise = 0.05): Float32Array {
  const random = randomNumbers(seed);
  const blobs = Array.from({ length: 40 }, () => ({
    z: random() * shape[0],
    y: random() * shape[1],
    x: random() * shape[2],
    k: 1 / (2 * (width * (0.7 + random())) ** 2),
  }));
  const map = randomMap(shape[0] * shape[1] * shape[2], seed + 1).map((v) => v * noise);
  eachVoxel(shape, (i, z, y, x) => {
    for (const b of blobs) {
      const r2 = (z - b.z) ** 2 + (y - b.y) ** 2 + (x - b.x) ** 2;
      if (r2 * b.k < 20) map[i] = (map[i] ?? 0) + Math.exp(-r2 * b.k);
    }
  });
  return map;
}

export interface Comparison {
  /** Root mean square and largest difference from the oracle, both relative to the oracle's root mean square. */
  readonly rms: number;
  readonly largest: number;
  readonly voxels: number;
}

/** Scales with the kernel and, at every `step`-th mask voxel, window by window in double precision. */
export async function compareWithOracle(input: ScaleWindowsInput & AtomicForm, step = 1): Promise<Comparison> {
  const { scaled } = await scaleWindows(input);
  const voxels = maskVoxels(Float32Array.from(input.mask)).filter((_, i) => i % step === 0);
  const { values } = await scaleWindowsOracle({ ...input, voxels });
  let power = 0;
  let squares = 0;
  let largest = 0;
  voxels.forEach((voxel, i) => {
    const expected = values[i] ?? NaN;
    const difference = (scaled[voxel] ?? NaN) - expected;
    power += expected ** 2;
    squares += difference ** 2;
    if (!(Math.abs(difference) <= largest)) largest = Math.abs(difference);
  });
  const unit = Math.sqrt(power / voxels.length);
  return { rms: Math.sqrt(squares / voxels.length) / unit, largest: largest / unit, voxels: voxels.length };
}
