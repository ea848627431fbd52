import type { Grid } from '@chimerax-like/rpc';
import { fourierShellCorrelation, radialProfile } from '@locscale/native';
import type { FscCurve, FscPart, ProfilesPart } from '../../report/index.js';
import { firstCrossing, shellAxis } from '../resolution.js';
import type { FscOutput } from '../steps/half-map-fsc.js';
import { meanVoxelSize } from '../voxel-size.js';
import type { NamedMap } from './named-map.js';

const axisOf = (grid: Grid): Float64Array => shellAxis(Math.max(...grid.shape), meanVoxelSize(grid), 'none');

export async function profilesPart(maps: readonly NamedMap[], grid: Grid, signal: AbortSignal): Promise<ProfilesPart> {
  const curves = [];
  for (const { name, voxels } of maps)
    curves.push({ name, values: await radialProfile(voxels, grid.shape, { signal }) });
  return {
    axis: axisOf(grid),
    curves,
    definition: 'Mean |F| in full shells of the whole box; the transform is not normalised.',
  };
}

/** FSC of the half maps as it was computed for the run. */
export function halfMapPart({ axis, curve, resolution, masked }: FscOutput): FscPart {
  const curves: FscCurve[] = [{ name: 'half maps', values: curve, crossings: resolution }];
  if (masked !== null)
    curves.push(
      { name: 'in the mask', values: masked.curve, crossings: masked.resolution },
      { name: 'in the mask, corrected', values: masked.corrected, crossings: masked.correctedResolution },
      { name: 'random phases in the mask', values: masked.randomised },
    );
  const marked = (masked === null ? resolution : masked.correctedResolution)['0.143'];
  return { title: 'Half maps against each other', axis, curves, ...(marked === null ? {} : { marked }) };
}

/** FSC of the maps with each other, in the mask where there is one: how scaling changed what it was given. */
export async function mapsPart(
  maps: readonly NamedMap[],
  grid: Grid,
  mask: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<FscPart> {
  const masked = maps.map(({ name, voxels }) => ({
    name,
    voxels: mask === undefined ? voxels : voxels.map((value, i) => value * (mask[i] as number)),
  }));
  const axis = axisOf(grid);
  const curves: FscCurve[] = [];
  for (const [i, first] of masked.entries())
    for (const second of masked.slice(i + 1)) {
      const values = await fourierShellCorrelation(first.voxels, second.voxels, grid.shape, { signal });
      const crossings = { '0.143': firstCrossing(values, axis, 0.143), '0.5': firstCrossing(values, axis, 0.5) };
      curves.push({ name: `${first.name} and ${second.name}`, values, crossings });
    }
  return { title: `Maps against each other${mask === undefined ? '' : ', in the mask'}`, axis, curves };
}
