import type { Grid } from '@chimerax-like/rpc';
import { contourLevel, contourSurface } from '@locscale/native';
import { filterMap } from '../steps/filter-map.js';
import type { StepContext } from '../context.js';

/** Share of the mask's volume that the contour encloses (scaling.md 14). */
const share = 0.2;
/** B-factors (Å²) of the sharpening that make a map surely too smooth and surely too rough. */
const [overBlurred, overSharpened] = [-300, 100];

/** The surface of a map at the level that encloses a fifth of the mask's volume. */
export interface Contour {
  readonly level: number;
  /** Å². */
  readonly area: number;
  readonly regions: number;
  readonly areaPerRegion: number;
  /**
   * area - c · regions, where c gives the same to the map when it is over-blurred (B = -300 Å²) and over-sharpened (100 Å²):
   * detail makes it large, noise, which makes many small regions, does not. Null when both have equally many regions.
   */
  readonly adjustedArea: number | null;
  /** c, Å² per region. */
  readonly areaOfARegion: number | null;
}

/** `enclosed`: voxels that the contour encloses. */
export async function contour(
  map: Float32Array,
  grid: Grid,
  maskVoxels: number,
  context: StepContext,
): Promise<Contour> {
  const { signal } = context;
  const enclosed = Math.max(1, Math.round(share * maskVoxels));
  const surfaceOf = async (
    voxels: Float32Array,
  ): Promise<{ readonly level: number; readonly area: number; readonly regions: number }> => {
    const level = await contourLevel(voxels, enclosed);
    const { area, regions } = await contourSurface(voxels, grid.shape, grid.voxelSize, level, { signal });
    return { level, area, regions };
  };
  const sharpened = async (b: number): Promise<Float32Array> =>
    filterMap.run({ map, grid, filter: { kind: 'global-b', b, compatibility: 'none' } }, context);

  const own = await surfaceOf(map);
  const blurred = await surfaceOf(await sharpened(overBlurred));
  const rough = await surfaceOf(await sharpened(overSharpened));
  const areaOfARegion =
    rough.regions === blurred.regions ? null : (rough.area - blurred.area) / (rough.regions - blurred.regions);
  return {
    ...own,
    areaPerRegion: own.area / own.regions,
    adjustedArea: areaOfARegion === null ? null : own.area - areaOfARegion * own.regions,
    areaOfARegion,
  };
}
