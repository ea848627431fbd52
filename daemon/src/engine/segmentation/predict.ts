import { type CubeGrid, cubePlaces, eachRow, type Triple } from './cubes.js';

/** From cubes that lie behind each other to as many cubes; several calls may be under way at once. */
export type PredictCubes = (cubes: Float32Array, count: number) => Promise<Float32Array>;

export interface PredictionInput {
  /** Standardised voxels of the box. */
  readonly voxels: Float32Array;
  /** Taken for what lies outside the box. */
  readonly outside: number;
  readonly grid: CubeGrid;
  /** Above 0.5 where cubes are wanted; null: everywhere. */
  readonly mask: Float32Array | null;
  /** Whether the network gives logits, of which the sigmoid is taken. */
  readonly logits: boolean;
  /** Cubes in one call, and calls at a time. */
  readonly batch: number;
  readonly lanes: number;
  readonly predict: PredictCubes;
  readonly signal: AbortSignal;
  readonly report: (fraction: number) => void;
}

/** A cube needs more voxels of the mask than this to be looked at, as in SURFER. */
const fewMaskVoxels = 10;

/** Probabilities of all voxels: the mean over the cubes that hold a voxel, 0 where no cube does. Does not depend on batch and lanes. */
export async function predictBox(input: PredictionInput): Promise<Float32Array> {
  const { voxels, grid, batch, lanes, predict, signal, report } = input;
  const places = cubePlaces(grid).filter((place) => isWanted(input, place));
  const sums = new Float32Array(voxels.length);
  const counts = new Uint16Array(voxels.length);
  const size = grid.cube[0] * grid.cube[1] * grid.cube[2];
  const batches: (readonly Triple[])[] = [];
  for (let at = 0; at < places.length; at += batch) batches.push(places.slice(at, at + batch));
  // Added in order, so that rounding is the same whichever lane is faster.
  const done = new Map<number, Float32Array>();
  let [next, added] = [0, 0];
  const lane = async (): Promise<void> => {
    for (let turn = next++; turn < batches.length && !signal.aborted; turn = next++) {
      const wanted = batches[turn] as readonly Triple[];
      done.set(turn, await predict(cutOut(input, wanted, size), wanted.length));
      for (let cubes = done.get(added); cubes !== undefined; cubes = done.get(added)) {
        addCubes(input, batches[added] as readonly Triple[], cubes, size, sums, counts);
        done.delete(added++);
        report(added / batches.length);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return sums.map((sum, at) => (counts[at] === 0 ? 0 : sum / (counts[at] as number)));
}

function isWanted({ mask, grid }: PredictionInput, place: Triple): boolean {
  if (mask === null) return true;
  let count = 0;
  eachRow(grid, place, (inBox, _, length) => {
    for (let x = inBox; x < inBox + length; x++) if ((mask[x] as number) > 0.5) count++;
  });
  return count > fewMaskVoxels;
}

function cutOut({ voxels, outside, grid }: PredictionInput, places: readonly Triple[], size: number): Float32Array {
  const cubes = new Float32Array(places.length * size).fill(outside);
  for (const [index, place] of places.entries())
    eachRow(grid, place, (inBox, inCube, length) => {
      cubes.set(voxels.subarray(inBox, inBox + length), index * size + inCube);
    });
  return cubes;
}

function addCubes(
  { grid, logits }: PredictionInput,
  places: readonly Triple[],
  cubes: Float32Array,
  size: number,
  sums: Float32Array,
  counts: Uint16Array,
): void {
  for (const [index, place] of places.entries())
    eachRow(grid, place, (inBox, inCube, length) => {
      const from = index * size + inCube;
      for (let x = 0; x < length; x++) {
        const value = cubes[from + x] as number;
        sums[inBox + x] = (sums[inBox + x] as number) + (logits ? 1 / (1 + Math.exp(-value)) : value);
        counts[inBox + x] = (counts[inBox + x] as number) + 1;
      }
    });
}
