import type { Region, VolumeId } from '@chimerax-like/rpc';
import type { SceneLink } from './daemon-link.js';
import { fetchVoxels, type TransferOptions, type Voxels } from './voxels.js';

/** Where the voxels of a shown map come from; all that is needed to fetch them again, so this is what a saved scene holds. */
export interface MapSource {
  /** One volume of the daemon, or two half maps, whose mean is shown. */
  readonly volumes: readonly [VolumeId] | readonly [VolumeId, VolumeId];
  /** Every n-th voxel is shown. */
  readonly step: number;
  /** Part that is shown, half-open ranges along z, y, x. */
  readonly region?: Region | undefined;
}

export async function fetchSource(
  link: SceneLink,
  { volumes, step, region }: MapSource,
  options: TransferOptions = {},
): Promise<Voxels> {
  const [first, second] = volumes;
  const voxels = await fetchVoxels(link, first, { step, region }, options);
  if (second === undefined) return voxels;
  const other = await fetchVoxels(link, second, { step, region }, options);
  const { values } = voxels;
  // Two maps that are no pair have no mean; what is wrong with them is told when a job is asked for.
  if (other.values.length !== values.length) return voxels;
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) + (other.values[i] as number)) / 2;
  return voxels;
}
