import type { Grid } from '@chimerax-like/rpc';
import { localResolution } from '@locscale/daemon/dist/engine/steps/local-resolution.js';
import { Runner } from '@locscale/daemon/dist/engine/runner.js';
import type { Layout, Simulated } from './simulation.js';

/** Distribution of measured over true resolution, less 1. */
export interface Errors {
  readonly voxels: number;
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly windowSize: number;
}

/** Å: in the layout with a step, how far from it windows hold one part only. */
export const apartFromStep = 24;

/** Local resolution of a simulation in every fourth section, away from the faces, and how far it lies from the truth. */
export async function errorsOf(
  { shape: [edge], voxelSize, half1, half2, truth }: Simulated,
  layout: Layout,
  threshold: number,
  windowSize?: number,
): Promise<Errors> {
  const mask = Uint8Array.from(half1, (_, i) => {
    const [z, y, x] = [Math.floor(i / edge ** 2), Math.floor(i / edge) % edge, i % edge];
    const clear = [z, y, x].every((c) => c >= 24 && c < edge - 24);
    const apart = layout === 'wave' || Math.abs(x - edge / 2) * voxelSize > apartFromStep;
    return clear && apart && z % 4 === 0 ? 1 : 0;
  });
  const grid: Grid = { shape: [edge, edge, edge], voxelSize: [voxelSize, voxelSize, voxelSize], origin: [0, 0, 0] };
  const steps = new Runner({}, {});
  const request = { half1, half2, grid, mask, windowSize, threshold, smoothing: undefined };
  const found = await steps.run(localResolution, request, 'measuring');
  const expected = truth(threshold);
  const errors = Float64Array.from(
    Array.from(mask.keys()).filter((i) => mask[i] === 1),
    (i) => (found.resolution[i] as number) / (expected[i % edge] as number) - 1,
  ).sort();
  const at = (part: number): number => errors[Math.round(part * (errors.length - 1))] as number;
  return { voxels: errors.length, median: at(0.5), low: at(0.05), high: at(0.95), windowSize: found.windowSize };
}
