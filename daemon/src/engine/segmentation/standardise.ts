import { LocScaleError } from '@chimerax-like/rpc';
import { statistics } from '@locscale/native';
import type { Triple } from './cubes.js';

/** Standardised maps are divided by ten standard deviations, as those that the networks were trained with. */
const deviations = 10;

export interface Standardised {
  /** (x - mean) / (10 · standard deviation) over the whole box. */
  readonly voxels: Float32Array;
  /** What lies around the box: the mean of its outermost voxels, standardised. */
  readonly outside: number;
}

export async function standardise(map: Float32Array, shape: Triple, signal: AbortSignal): Promise<Standardised> {
  const { mean, sd } = await statistics(map, { signal });
  if (!(sd > 0))
    throw new LocScaleError(
      'input.voxels',
      `All voxels of the map are ${mean}, expected a map with density in it; check that this is the right file.`,
    );
  const scale = 1 / (deviations * sd);
  return { voxels: map.map((value) => (value - mean) * scale), outside: (meanOfFaces(map, shape) - mean) * scale };
}

function meanOfFaces(map: Float32Array, [nz, ny, nx]: Triple): number {
  let sum = 0;
  let count = 0;
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const whole = z === 0 || z === nz - 1 || y === 0 || y === ny - 1;
      const row = (z * ny + y) * nx;
      for (let x = 0; x < nx; x += whole || nx === 1 ? 1 : nx - 1) {
        sum += map[row + x] as number;
        count++;
      }
    }
  return sum / count;
}
