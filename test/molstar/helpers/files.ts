import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { writeVolume } from '../../../daemon/dist/volumes/index.js';
import { ball, blob, grid } from '../../daemon/helpers/maps.js';

/** A folder that goes away with the test file. */
export async function folderOfFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'locscale-page-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Several balls of density, different in each part of the box, so that replacing and cutting show. */
function balls(n: number, seed: number): Float32Array {
  const voxels = blob(n, seed);
  const centres = [0.32, 0.5, 0.68];
  for (let z = 0, i = 0; z < n; z++)
    for (let y = 0; y < n; y++)
      for (let x = 0; x < n; x++, i++) {
        const near = centres.map((c) => Math.hypot(x / n - c, y / n - c, z / n - 0.5)).sort((a, b) => a - b)[0] ?? 1;
        voxels[i] = (voxels[i] ?? 0) * 0.3 + Math.exp(-((near / 0.09) ** 2));
      }
  return voxels;
}

export interface MapFiles {
  readonly half1: string;
  readonly half2: string;
  readonly reference: string;
  readonly mask: string;
}

/** Two half maps, a reference and a mask of n³ voxels, as files named as people name them. */
export async function writeMaps(folder: string, n: number): Promise<MapFiles> {
  const write = async (name: string, voxels: Float32Array): Promise<string> => {
    const path = join(folder, name);
    await writeVolume(path, { grid: grid(n), voxels });
    return path;
  };
  return {
    half1: await write(`run_${n}_half1_class001_unfil.mrc`, balls(n, 1)),
    half2: await write(`run_${n}_half2_class001_unfil.mrc`, balls(n, 2)),
    reference: await write(`reference_${n}.mrc`, balls(n, 7)),
    mask: await write(`mask_${n}.mrc`, ball(n, 0.8)),
  };
}

/** Score from −100 to 100 along x, as the confidence of a network has it. */
export function scores(n: number): Float32Array {
  return Float32Array.from({ length: n ** 3 }, (_, i) => -100 + (200 * (i % n)) / (n - 1));
}

/** Probability 1 in the left half of the box, 0 elsewhere. */
export function leftHalf(n: number): Float32Array {
  return Float32Array.from({ length: n ** 3 }, (_, i) => Number(i % n < n / 2));
}
