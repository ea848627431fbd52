import type { Grid } from '@chimerax-like/rpc';
import { fourierResample, splineResample } from '@locscale/native';
import { meanVoxelSize } from '../voxel-size.js';
import type { Triple } from './cubes.js';

/** How a map comes onto the voxels that a network works on; `Segmentation` of the networks says which. */
export interface WorkingGridSettings {
  /** Å. */
  readonly voxelSize: number;
  readonly resampling: 'fourier' | 'quadratic';
}

/**
 * The grid that a network works on, over the same box, and the ways there and back.
 *
 * `fourier`: by the spectrum; voxel 0 stays where it is, so voxel j lies at j · n/m of the map. `quadratic`: by a quadratic spline with corner
 * laid on corner, j · (n-1)/(m-1), as SciPy's zoom has it and SURFER was trained; the true voxel size differs a little from the one asked for.
 */
export class WorkingGrid {
  readonly shape: Triple;
  readonly #map: Triple;
  readonly #resampling: WorkingGridSettings['resampling'];

  constructor(grid: Grid, { voxelSize, resampling }: WorkingGridSettings) {
    const factor = meanVoxelSize(grid) / voxelSize;
    const edge = (n: number): number => Math.max(1, roundHalfToEven(n * factor));
    this.#map = grid.shape;
    this.#resampling = resampling;
    this.shape = [edge(grid.shape[0]), edge(grid.shape[1]), edge(grid.shape[2])];
  }

  fromMap(map: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    return this.#resampling === 'fourier'
      ? fourierResample(map, this.#map, this.shape, { signal })
      : spline(map, this.#map, this.shape, 2, this.#steps(this.#map, this.shape), signal);
  }

  /** A mask, which has edges that no spectrum should see. */
  maskFromMap(mask: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    return spline(mask, this.#map, this.shape, 1, this.#steps(this.#map, this.shape), signal);
  }

  toMap(values: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    return spline(values, this.shape, this.#map, 2, this.#steps(this.shape, this.#map), signal);
  }

  /** Distance of two voxels of `to` in voxels of `from`. */
  #steps(from: Triple, to: Triple): Triple {
    const step = (n: number, m: number): number => {
      if (this.#resampling === 'fourier') return n / m;
      return m === 1 ? 0 : (n - 1) / (m - 1);
    };
    return [step(from[0], to[0]), step(from[1], to[1]), step(from[2], to[2])];
  }
}

const spline = (
  values: Float32Array,
  from: Triple,
  to: Triple,
  order: 1 | 2,
  step: Triple,
  signal: AbortSignal,
): Promise<Float32Array> => splineResample(values, from, order, { shape: to, step, outside: 'edge' }, { signal });

/** As Python and NumPy round. */
function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
