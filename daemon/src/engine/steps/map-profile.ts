import type { Grid } from '@chimerax-like/rpc';
import { octantProfile, radialProfile } from '@locscale/native';
import type { Step } from '../context.js';
import { shellAxis } from '../resolution.js';
import { meanVoxelSize } from '../voxel-size.js';

export interface ProfileInput {
  readonly map: Float32Array;
  readonly grid: Grid;
  /** Full shells, or one octant of each as LocScale's own fits use (scaling.md 11). */
  readonly shells: 'full' | 'octant';
}

export interface Profile {
  /** Frequency of each shell, 1/Å. */
  readonly axis: Float64Array;
  /** Mean |F| of the shell, transform not normalised. */
  readonly amplitudes: Float64Array;
}

/** Radial amplitude profile of a map. */
export const mapProfile: Step<ProfileInput, Profile> = {
  name: 'mapProfile',
  version: 1,
  run: async ({ map, grid, shells }, { signal }) => {
    const profile = shells === 'full' ? radialProfile : octantProfile;
    const axis = shellAxis(Math.max(...grid.shape), meanVoxelSize(grid), 'none');
    return { axis, amplitudes: await profile(map, grid.shape, { signal }) };
  },
};

/** B-factor of a profile between two resolutions (Å), from the slope of ln(amplitude) against f²: B = -4 slope; null with fewer than 3 shells. */
export function guinierB({ axis, amplitudes }: Profile, lowest: number, highest: number): number | null {
  const points = Array.from(axis, (f, r) => [f ** 2, Math.log(amplitudes[r] as number), f] as const).filter(
    ([, y, f]) => f >= 1 / lowest && f <= 1 / highest && Number.isFinite(y),
  );
  if (points.length < 3) return null;
  const mean = (k: 0 | 1): number => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const below = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return (-4 * above) / below;
}
