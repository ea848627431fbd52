import type { Grid } from '@chimerax-like/rpc';
import { applyRadialGain, splineCoefficients, statistics, symmetryCorrelations } from '@locscale/native';
import { type Centre, type SpaceOperator, voxelOperators } from './operators.js';

/**
 * Correlations are of the map without detail finer than this, Å: noise, which no operator repeats, lies mostly beyond,
 * and the arrangement of subunits shows before it.
 */
export const comparedResolution = 10;
/** Voxels are too coarse below this many of them per period; then the filter follows the voxel size. */
const voxelsPerPeriod = 3;
/**
 * Voxels that many standard deviations above the mean are compared: the molecule alone, since the contrast of molecule and
 * solvent would make everything look alike.
 */
const deviations = 2;
/** More voxels make the correlations no better. */
const mostVoxels = 12_000;

/** Share of the compared voxels whose images must lie inside the box. */
const leastOverlap = 0.05;

/** A map made ready for comparing it with itself. */
export interface Sample {
  readonly grid: Grid;
  readonly map: Float32Array;
  readonly coefficients: Float32Array;
  /** Indices of the compared voxels. */
  readonly voxels: Uint32Array;
  /** Centre of mass of the dense voxels: on every axis of a symmetric molecule. */
  readonly centreOfMass: Centre;
  /** Resolution of the filter, Å. */
  readonly resolution: number;
}

/** Correlation of the map with itself under each operator. */
export async function correlationsOf(
  sample: Sample,
  operators: readonly SpaceOperator[],
  centre: Centre,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { map, coefficients, voxels, grid } = sample;
  const packed = voxelOperators(operators, grid, centre);
  const input = { map, coefficients, voxels, shape: grid.shape, operators: packed };
  const found = await symmetryCorrelations(input, { signal });
  // An operator that leaves too little of the molecule inside the box says nothing for the symmetry. At the ends of a helix
  // that is so by nature; there NaN leaves the operator out.
  return found.map(({ correlation, voxels: seen }, i) =>
    seen >= voxels.length * leastOverlap ? correlation : operators[i]?.rise === 0 ? 0 : NaN,
  );
}

/** Filters the map, chooses the voxels and prepares the interpolation. */
export async function sampleMap(voxels: Float32Array, grid: Grid, signal: AbortSignal): Promise<Sample> {
  const resolution = Math.max(comparedResolution, voxelsPerPeriod * Math.max(...grid.voxelSize));
  const map = await lowPass(voxels, grid, resolution, signal);
  const coefficients = await splineCoefficients(map, grid.shape, { signal });
  const { mean, sd } = await statistics(map, { signal });
  const threshold = mean + deviations * sd;
  return {
    grid,
    map,
    coefficients,
    voxels: denseVoxels(map, threshold),
    centreOfMass: centreOfMass(map, grid.shape, threshold),
    resolution,
  };
}

/** Gaussian filter that leaves half the amplitude at the resolution: exp(-ln 2 · d² f²), as a B-factor in voxels². */
function lowPass(
  map: Float32Array,
  { shape, voxelSize }: Grid,
  resolution: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const period = resolution / Math.max(...voxelSize);
  return applyRadialGain(map, shape, { kind: 'global-b', b: -4 * Math.LN2 * period ** 2 }, { signal });
}

/** The voxels above the threshold, or as many of them, spread evenly, as are compared. */
function denseVoxels(map: Float32Array, threshold: number): Uint32Array {
  const dense = new Uint32Array(map.reduce((sum, value) => sum + (value > threshold ? 1 : 0), 0));
  let count = 0;
  for (let i = 0; i < map.length; i++) {
    if ((map[i] as number) > threshold) dense[count++] = i;
  }
  const kept = Math.min(count, mostVoxels);
  return Uint32Array.from({ length: kept }, (_, i) => dense[Math.floor((i * count) / kept)] as number);
}

function centreOfMass(map: Float32Array, [nz, ny, nx]: Grid['shape'], threshold: number): Centre {
  let [mass, atZ, atY, atX] = [0, 0, 0, 0];
  for (let row = 0; row < nz * ny; row++) {
    for (let x = 0; x < nx; x++) {
      const weight = (map[row * nx + x] as number) - threshold;
      if (weight <= 0) continue;
      mass += weight;
      atZ += weight * Math.floor(row / ny);
      atY += weight * (row % ny);
      atX += weight * x;
    }
  }
  return mass === 0 ? [(nz - 1) / 2, (ny - 1) / 2, (nx - 1) / 2] : [atZ / mass, atY / mass, atX / mass];
}
