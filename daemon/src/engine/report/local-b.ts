import type { Grid } from '@chimerax-like/rpc';
import { auditWindows } from '@locscale/native';
import { type BfactorsPart, numberText } from '../../report/index.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { meanVoxelSize } from '../voxel-size.js';
import type { NamedMap } from './named-map.js';

/** As in LocScale's report (scaling.md 14): windows of 25 Å, fitted from 10 Å on. */
const sampled = 2000;
const windowLength = 25;
const fitBegin = 10;

/** Distribution of local B-factors over random windows of the mask, the same for all maps. */
export async function bfactorsPart(
  maps: readonly NamedMap[],
  grid: Grid,
  mask: Uint8Array,
  resolution: number,
  seed: number,
  signal: AbortSignal,
): Promise<BfactorsPart> {
  if (!(resolution < fitBegin))
    throw new Error(
      `the resolution is ${numberText(resolution, 3)} Å; local fits begin at ${fitBegin} Å, so give a better one`,
    );
  const voxelSize = meanVoxelSize(grid);
  const windowSize = Math.min(128, 2 * Math.ceil(windowLength / voxelSize / 2));
  const voxels = randomVoxels(mask, grid.shape, seed);
  const samples = [];
  for (const { name, voxels: map } of maps) {
    const windows = await auditWindows(
      {
        form: 'no-reference',
        map,
        shape: grid.shape,
        windowSize,
        voxels,
        voxelSize,
        wilsonCutoff: fitBegin,
        fscCutoff: resolution,
        targetBfactor: 0,
        profile: 'shell',
      },
      { signal },
    );
    samples.push({
      name,
      values: windows.flatMap(({ fit, fitFailed }) => (fitFailed || fit === undefined ? [] : [fit.bfactor])),
    });
  }
  if (samples.every(({ values }) => values.length === 0)) throw new Error('no window could be fitted');
  return {
    samples,
    definition:
      `Windows of ${windowSize} voxels (${(windowSize * voxelSize).toFixed(1)} Å) around ${voxels.length / 3} random voxels of the mask ` +
      `(seed ${seed}); full-shell profiles fitted from ${fitBegin} Å to ${numberText(resolution, 3)} Å.`,
  };
}

/** Distinct voxels of the mask as z, y, x one after the other, or all of them when there are few. */
function randomVoxels(mask: Uint8Array, [, ny, nx]: Grid['shape'], seed: number): Int32Array {
  const inside: number[] = [];
  mask.forEach((value, i) => {
    if (value > 0) inside.push(i);
  });
  if (inside.length === 0) throw new Error('the mask is empty');
  const random = seededRandom(seed);
  const count = Math.min(sampled, inside.length);
  // The first steps of a Fisher–Yates shuffle.
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (inside.length - i));
    [inside[i], inside[other]] = [inside[other] as number, inside[i] as number];
  }
  return Int32Array.from(
    inside.slice(0, count).flatMap((i) => [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx]),
  );
}
