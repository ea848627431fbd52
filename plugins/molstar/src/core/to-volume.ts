import { Mat4, Tensor, Vec3 } from 'molstar/lib/mol-math/linear-algebra.js';
import { CustomProperties } from 'molstar/lib/mol-model/custom-property.js';
import { Volume } from 'molstar/lib/mol-model/volume.js';
import type { MapStatistics } from './map-statistics.js';
import type { Voxels } from './voxels.js';

/**
 * Mol*'s volume over our voxels, without copying them. Voxel (0,0,0) has its centre at `origin`, as everywhere in LocScale.
 * Not periodic: full-cell maps of single particles would otherwise be joined across the faces of the box. No `entryId`: with
 * one that looks like an EMDB number Mol* asks a server for a contour level.
 */
export function toVolume({ grid, values }: Voxels, statistics: MapStatistics, label: string): Volume {
  const [nz, ny, nx] = grid.shape;
  const space = Tensor.Space([nx, ny, nz], [2, 1, 0], Float32Array);
  const matrix = Mat4.mul(
    Mat4(),
    Mat4.fromTranslation(Mat4(), Vec3.create(...grid.origin)),
    Mat4.fromScaling(Mat4(), Vec3.create(...grid.voxelSize)),
  );
  const volume: Volume = {
    label,
    grid: {
      transform: { kind: 'matrix', matrix },
      cells: Tensor.create(space, Tensor.Data1(values)),
      stats: { ...statistics },
      periodicity: 'none',
    },
    instances: [{ transform: Mat4.identity() }],
    sourceData: { kind: 'locscale', name: label, data: {} },
    customProperties: new CustomProperties(),
    _propertyData: Object.create(null) as Record<string, unknown>,
    _localPropertyData: Object.create(null) as Record<string, unknown>,
  };
  // One pick id for the whole map: ids of single voxels would run out at 2^24 of them.
  Volume.PickingGranularity.set(volume, 'object');
  return volume;
}
