import type { Sampled } from '../runtime/sampling/sample.js';
import { Assembly, type Blending } from './assembly.js';
import { type CubeGrid, takeCube, type Triple, voxelsOf } from './cube-grid.js';

/** What predicts cubes that lie behind each other, by their numbers in the grid. */
export interface CubePredictor {
  /** Batches that it works at together. */
  readonly lanes: number;
  predict(cubes: Float32Array, numbers: readonly number[]): Promise<Sampled>;
}

/** A few cubes as they are kept for a later run. */
export type KeptCubes = Sampled;

export interface CubesTask {
  /** The box of the grid. */
  readonly volume: Float32Array;
  readonly grid: CubeGrid;
  /** Numbers of the cubes to predict, rising. */
  readonly wanted: readonly number[];
  readonly blending: Blending;
  /** Cubes in one call of the network. */
  readonly batch: number;
  readonly kept: (name: string) => Promise<KeptCubes | undefined>;
  readonly keep: (name: string, cubes: KeptCubes) => Promise<void>;
  /** Called with the number of cubes that are done. */
  readonly onCubes: (done: number) => void;
}

/** Cubes that are kept together: few enough that little is lost, enough that files do not become many. */
const unitOf = (cubes: number): number => Math.min(8, Math.max(1, Math.round(cubes / 64)));

/**
 * Predicts cubes and puts them together, several units at a time, each added when all before it have been. What an earlier run kept
 * is not computed again. Returns mean and variance in the box of the grid.
 */
export async function predictCubes(
  predictor: CubePredictor,
  task: CubesTask,
): Promise<readonly [Float32Array, Float32Array]> {
  const { grid, wanted, blending, onCubes } = task;
  const assembly = new Assembly(grid, blending, 2);
  const size = unitOf(wanted.length);
  const units: (readonly number[])[] = [];
  for (let first = 0; first < wanted.length; first += size) units.push(wanted.slice(first, first + size));
  const early = new Map<number, KeptCubes>();
  let [next, added, done] = [0, 0, 0];
  const addInOrder = (): void => {
    for (let cubes = early.get(added); cubes !== undefined; cubes = early.get(added)) {
      early.delete(added);
      addUnit(assembly, grid, units[added] ?? [], cubes);
      added++;
    }
  };
  const work = async (): Promise<void> => {
    for (let unit = next++; unit < units.length; unit = next++) {
      const numbers = units[unit] ?? [];
      early.set(unit, await unitOfCubes(predictor, task, numbers));
      done += numbers.length;
      onCubes(done);
      addInOrder();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, predictor.lanes) }, work));
  const [mean, variance] = assembly.finish();
  if (mean === undefined || variance === undefined) throw new Error('the assembly lost a map');
  return [mean, variance];
}

async function unitOfCubes(predictor: CubePredictor, task: CubesTask, numbers: readonly number[]): Promise<KeptCubes> {
  const name = `cubes ${numbers[0] ?? 0} to ${numbers.at(-1) ?? 0}`;
  const kept = await task.kept(name);
  if (kept !== undefined) return kept;
  const { volume, grid, batch } = task;
  const voxels = voxelsOf(grid.cube);
  const whole = {
    mean: new Float32Array(numbers.length * voxels),
    variance: new Float32Array(numbers.length * voxels),
  };
  for (let first = 0; first < numbers.length; first += batch) {
    const part = numbers.slice(first, first + batch);
    const cubes = new Float32Array(part.length * voxels);
    for (const [at, number] of part.entries())
      takeCube(volume, grid.shape, startOf(grid, number), grid.cube, cubes.subarray(at * voxels, (at + 1) * voxels));
    const { mean, variance } = await predictor.predict(cubes, part);
    whole.mean.set(mean, first * voxels);
    whole.variance.set(variance, first * voxels);
  }
  await task.keep(name, whole);
  return whole;
}

function addUnit(assembly: Assembly, grid: CubeGrid, numbers: readonly number[], { mean, variance }: KeptCubes): void {
  const voxels = voxelsOf(grid.cube);
  for (const [at, number] of numbers.entries()) {
    const range = [at * voxels, (at + 1) * voxels] as const;
    assembly.add(startOf(grid, number), [mean.subarray(...range), variance.subarray(...range)]);
  }
}

function startOf({ starts }: CubeGrid, number: number): Triple {
  const start = starts[number];
  if (start === undefined)
    throw new RangeError(`the grid has ${starts.length} cubes, and number ${number} was asked for`);
  return start;
}
