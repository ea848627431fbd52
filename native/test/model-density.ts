import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Atoms on a grid whose voxel [0,0,0] lies at 0, for gemmi's density calculator and for ours. */
export interface DensityTask {
  readonly positions: Float64Array;
  readonly elements: Uint8Array;
  readonly bFactors: Float32Array;
  readonly occupancies: Float32Array;
  readonly shape: readonly [z: number, y: number, x: number];
  readonly voxelSize: readonly [x: number, y: number, z: number];
  /** Added to every B-factor, Å²; it stays in the density. */
  readonly blur: number;
}

export interface Density {
  readonly map: Float32Array;
  /** Processor time of the one thread that put the atoms on the grid. */
  readonly seconds: number;
}

interface DensityAddon {
  modelDensity(
    task: Omit<DensityTask, 'voxelSize'> & { voxelSize: Float64Array; ours: number; map: Float32Array },
  ): Promise<number>;
}

/** This file runs from native/test/dist. */
const addonPath = fileURLToPath(new URL('../../build/Release/locscale_oracle.node', import.meta.url));

let loaded: DensityAddon | undefined;

/** Puts atoms on a grid by gemmi or by our kernel, on one thread. */
export async function modelDensity(by: 'gemmi' | 'ours', task: DensityTask): Promise<Density> {
  loaded ??= createRequire(import.meta.url)(addonPath) as DensityAddon;
  const count = task.elements.length;
  const lengths = [task.positions.length / 3, task.bFactors.length, task.occupancies.length];
  if (lengths.some((length) => length !== count)) throw new RangeError(`columns of ${lengths.join(', ')} atoms`);
  const map = new Float32Array(task.shape[0] * task.shape[1] * task.shape[2]);
  const { positions, elements, bFactors, occupancies, shape, blur } = task;
  const voxelSize = Float64Array.from(task.voxelSize);
  const ours = Number(by === 'ours');
  const words = { positions, elements, bFactors, occupancies, shape, blur, voxelSize, ours, map };
  return { map, seconds: await loaded.modelDensity(words) };
}
