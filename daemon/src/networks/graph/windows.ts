import type { Size } from './graph-builder.js';

/** How the voxels of a cube are dealt out to windows; a voxel in a window is a token. */
export interface Windows {
  /** For each token, window by window, its voxel. */
  readonly voxels: readonly number[];
  /** For each voxel its token. */
  readonly tokens: readonly number[];
  /** For each window which of its sides lie at the far end of the cube: 4 for z, 2 for y, 1 for x, added up. */
  readonly ends: readonly number[];
}

/** Windows, and tokens in them, in the order z, y, x. A shift moves all windows towards the far end, where they go round. */
export function dealWindows(size: Size, window: number, shift: number): Windows {
  const [nz, ny, nx] = size;
  const voxels: number[] = [];
  const ends: number[] = [];
  for (let z0 = 0; z0 < nz; z0 += window)
    for (let y0 = 0; y0 < ny; y0 += window)
      for (let x0 = 0; x0 < nx; x0 += window) {
        ends.push((z0 + window >= nz ? 4 : 0) + (y0 + window >= ny ? 2 : 0) + (x0 + window >= nx ? 1 : 0));
        for (const [z, y, x] of places(window))
          voxels.push((((z0 + z + shift) % nz) * ny + ((y0 + y + shift) % ny)) * nx + ((x0 + x + shift) % nx));
      }
  const tokens = new Array<number>(voxels.length);
  for (const [token, voxel] of voxels.entries()) tokens[voxel] = token;
  return { voxels, tokens, ends };
}

/** For each pair of tokens the place of their difference in a table of (2 · window - 1)³ entries. */
export function relativePlaces(window: number): readonly number[] {
  const width = 2 * window - 1;
  const of = ([z, y, x]: Size): number => (z * width + y) * width + x;
  const middle = of([window - 1, window - 1, window - 1]);
  const all = places(window);
  return all.flatMap((from) => all.map((to) => of(from) - of(to) + middle));
}

/** What stands for "does not see": the exponential of it is zero. */
const unseen = -1e9;

/**
 * What is added to the attention of each pair of tokens, for the eight kinds of windows of `Windows.ends`: where a shifted window goes round the
 * cube's end, the voxels on the two sides of it are no neighbours and do not see each other.
 */
export function endMasks(window: number, shift: number): Float32Array {
  const all = places(window);
  const count = all.length;
  const masks = new Float32Array(8 * count * count);
  const side = (place: Size, axis: 0 | 1 | 2): boolean => place[axis] < window - shift;
  for (let kind = 0; kind < 8; kind++)
    for (const [i, from] of all.entries())
      for (const [j, to] of all.entries()) {
        const apart = ([0, 1, 2] as const).some(
          (axis) => (kind & (4 >> axis)) !== 0 && side(from, axis) !== side(to, axis),
        );
        if (apart) masks[(kind * count + i) * count + j] = unseen;
      }
  return masks;
}

/** Tokens of one window, (z, y, x), x fastest. */
function places(window: number): readonly Size[] {
  const along = Array.from({ length: window }, (_, at) => at);
  return along.flatMap((z) => along.flatMap((y) => along.map((x): Size => [z, y, x])));
}
