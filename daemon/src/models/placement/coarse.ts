import type { Grid } from '@chimerax-like/rpc';
import { applyRadialGain, fourierResample, simulateModel, type Atoms, voxelsNearAtoms } from '@locscale/native';

/** Voxel size to compare on, and the least resolution to compare at, Å: helices show, side chains and noise do not. */
const coarseVoxel = 3;
const leastResolution = 8;
/** Resolution in voxels at least: what a voxel can carry, with room for the edge of the filter. */
const resolutionInVoxels = 2.5;
/** Radius of the model's own mask, Å, as in LocScale. */
const maskRadius = 3;

/** A map on few voxels, filtered; what models are compared with. */
export interface CoarseMap {
  readonly grid: Grid;
  readonly voxels: Float32Array;
  readonly resolution: number;
}

/** Cuts the map's spectrum to voxels of about 3 Å and filters it to 8 Å; the box keeps its place. */
export async function coarseMap(voxels: Float32Array, grid: Grid, signal: AbortSignal): Promise<CoarseMap> {
  const [x, y, z] = grid.voxelSize;
  const edge = (n: number, size: number): number => Math.min(n, Math.max(8, Math.ceil((n * size) / coarseVoxel)));
  const [nz, ny, nx] = grid.shape;
  const shape: Grid['shape'] = [edge(nz, z), edge(ny, y), edge(nx, x)];
  const voxelSize: Grid['voxelSize'] = [(nx * x) / shape[2], (ny * y) / shape[1], (nz * z) / shape[0]];
  const isSame = shape.every((n, i) => n === grid.shape[i]);
  const small = isSame ? voxels : await fourierResample(voxels, grid.shape, shape, { signal });
  const resolution = Math.max(leastResolution, resolutionInVoxels * Math.max(...voxelSize));
  const mean = (voxelSize[0] + voxelSize[1] + voxelSize[2]) / 3;
  const lowPass = { kind: 'tanh', lowPass: mean / resolution } as const;
  const filtered = await applyRadialGain(small, shape, lowPass, { signal });
  return { grid: { shape, voxelSize, origin: grid.origin }, voxels: filtered, resolution };
}

/** The model as the coarse map would show it, with all B-factors alike: only its form counts. */
export async function coarseModel(atoms: Atoms, map: CoarseMap, signal: AbortSignal): Promise<Float32Array> {
  const plain = { ...atoms, bFactors: new Float32Array(atoms.bFactors.length).fill(50) };
  return (await simulateModel(plain, map.grid, { resolution: map.resolution, signal })).map;
}

/** Pearson's correlation of map and model inside the model's own mask; 0 where there is nothing to compare. */
export async function maskedCorrelation(atoms: Atoms, map: CoarseMap, signal: AbortSignal): Promise<number> {
  const model = await coarseModel(atoms, map, signal);
  const radius = Math.max(maskRadius, ...map.grid.voxelSize);
  const mask = await voxelsNearAtoms(atoms, map.grid, radius, { signal });
  return correlation(map.voxels, model, mask);
}

function correlation(a: Float32Array, b: Float32Array, mask: Uint8Array): number {
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  mask.forEach((inside, i) => {
    if (inside === 0) return;
    const [p, q] = [a[i] as number, b[i] as number];
    n += 1;
    sumA += p;
    sumB += q;
    sumAA += p * p;
    sumBB += q * q;
    sumAB += p * q;
  });
  if (n === 0) return 0;
  const spread = (sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n);
  return spread > 0 ? (sumAB - (sumA * sumB) / n) / Math.sqrt(spread) : 0;
}
