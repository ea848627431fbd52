import {
  applyRadialGain,
  averageBFactors,
  fft3,
  shellFrequencies,
  simulateModel,
  type Atoms,
  type ModelColumns,
  type ModelGrid,
} from '@locscale/native';
import { type Random, seededRandom } from '../data/random.js';

/** Simulated half maps of a model whose B-factors are known. */
export interface Simulated {
  readonly atoms: Atoms;
  readonly grid: ModelGrid;
  readonly half1: Float32Array;
  readonly half2: Float32Array;
}

export interface Simulation {
  /** Resolution at which the FSC of half maps with white noise is 0.143, Å. */
  readonly resolution: number;
  readonly edge: number;
  readonly voxelSize: number;
  /** Relative standard deviation of what each atom's B-factor differs from the smooth field by. */
  readonly scatter?: number;
  /** B-factor by which noise falls off, Å²; the same noise at the resolution, so more of it below. */
  readonly noiseB?: number;
  readonly seed?: number;
}

/** Atoms other than hydrogens and waters, in the middle of a box, with a smooth field of B-factors. */
export function atomsInField(model: ModelColumns, { edge, voxelSize, scatter = 0 }: Simulation, random: Random): Atoms {
  const water = model.compoundNames.map((name) => name === 'HOH' || name === 'DOD');
  const rows = Array.from(model.elements.keys()).filter(
    (i) => (model.elements[i] ?? 0) > 1 && water[model.residueNames[model.residues[i] ?? 0] ?? 0] !== true,
  );
  const centre = [0, 1, 2].map(
    (axis) => rows.reduce((sum, i) => sum + (model.positions[3 * i + axis] ?? 0), 0) / rows.length,
  );
  const positions = Float64Array.from(
    rows.flatMap((i) =>
      centre.map((middle, axis) => (model.positions[3 * i + axis] ?? 0) - middle + (edge * voxelSize) / 2),
    ),
  );
  const field = (x: number, y: number, z: number): number =>
    80 + 40 * Math.sin(x / 18 + 1) * Math.cos(y / 22) + 25 * Math.sin(z / 15 - x / 40);
  const bFactors = Float32Array.from(rows, (_, k) => {
    const [x = 0, y = 0, z = 0] = positions.subarray(3 * k, 3 * k + 3);
    return Math.max(10, field(x, y, z) * (1 + scatter * random.normal()));
  });
  const elements = Uint8Array.from(rows, (i) => model.elements[i] ?? 6);
  return { positions, elements, bFactors, occupancies: new Float32Array(rows.length).fill(1) };
}

/** Edge of a box that holds a model and 12 Å around it: even, of factors up to 7. */
export function boxEdge({ positions }: Pick<Atoms, 'positions'>, voxelSize: number): number {
  const along = [0, 1, 2].map((axis) => positions.filter((_, i) => i % 3 === axis));
  const reach = along.map((values) => {
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((most, value) => Math.max(most, Math.abs(value - middle)), 0);
  });
  let edge = 2 * Math.ceil((Math.max(...reach) + 12) / voxelSize);
  const rest = (n: number): number => [2, 3, 5, 7].reduce((left, p) => (left % p === 0 ? rest(left / p) : left), n);
  while (rest(edge) !== 1) edge += 2;
  return edge;
}

/** Mean |F|² of a map around a frequency. */
async function powerAt(map: Float32Array, { shape, voxelSize }: ModelGrid, frequency: number): Promise<number> {
  const spectrum = await fft3(map, shape);
  const n = shape[0];
  const half = Math.floor(n / 2) + 1;
  const signed = (i: number): number => (2 * i <= n ? i : i - n);
  let [sum, count] = [0, 0];
  for (let i = 0; i < spectrum.length / 2; i++) {
    const s = Math.hypot(signed(Math.floor(i / (half * n))), signed(Math.floor(i / half) % n), i % half);
    if (Math.abs(s - frequency * n * voxelSize[0]) > 0.6) continue;
    sum += (spectrum[2 * i] ?? 0) ** 2 + (spectrum[2 * i + 1] ?? 0) ** 2;
    count += 1;
  }
  return sum / count;
}

/** Half maps of a model with noise of their own. */
export async function simulated(model: ModelColumns, simulation: Simulation): Promise<Simulated> {
  const { resolution, edge, voxelSize, noiseB, seed = 1 } = simulation;
  const random = seededRandom(seed);
  const atoms = atomsInField(model, simulation, random);
  const grid: ModelGrid = {
    shape: [edge, edge, edge],
    voxelSize: [voxelSize, voxelSize, voxelSize],
    origin: [0, 0, 0],
  };
  const { map } = await simulateModel(atoms, grid);
  // FSC = P / (P + N), with the powers of signal and noise in a half map.
  const power = (await powerAt(map, grid, 1 / resolution)) * (1 / 0.143 - 1);
  const deviation = Math.sqrt(power / edge ** 3);
  const noisy = async (): Promise<Float32Array> => {
    const white = map.map(() => deviation * random.normal());
    const noise = noiseB === undefined ? white : await coloured(white, grid, noiseB, resolution);
    return map.map((value, i) => value + (noise[i] ?? 0));
  };
  return { atoms, grid, half1: await noisy(), half2: await noisy() };
}

async function coloured(
  white: Float32Array,
  { shape, voxelSize }: ModelGrid,
  b: number,
  resolution: number,
): Promise<Float32Array> {
  const gains = shellFrequencies(shape, voxelSize[0]).map((s) => Math.exp((b / 4) * (1 / resolution ** 2 - s * s)));
  return applyRadialGain(white, shape, { kind: 'shells', gains, beyond: gains.at(-1) ?? 1 });
}

/** Some of the atoms. */
export function pick(atoms: Atoms, keep: (x: number, i: number) => boolean): Atoms {
  const rows = Array.from(atoms.elements.keys()).filter((i) => keep(atoms.positions[3 * i] ?? 0, i));
  return {
    positions: Float64Array.from(rows.flatMap((i) => Array.from(atoms.positions.subarray(3 * i, 3 * i + 3)))),
    elements: Uint8Array.from(rows, (i) => atoms.elements[i] ?? 0),
    bFactors: Float32Array.from(rows, (i) => atoms.bFactors[i] ?? 0),
    occupancies: Float32Array.from(rows, (i) => atoms.occupancies[i] ?? 0),
  };
}

/** How well B-factors were found again. */
export interface Recovery {
  readonly correlation: number;
  /** Of found against true. */
  readonly slope: number;
  /** Root mean square of the difference without its mean, Å². */
  readonly error: number;
}

export function recovery(found: Float32Array, truth: Float32Array): Recovery {
  const mean = (list: Float32Array): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [a, b] = [mean(found), mean(truth)];
  let [both, own, other, difference] = [0, 0, 0, 0];
  found.forEach((value, i) => {
    const [x, y] = [value - a, (truth[i] ?? 0) - b];
    both += x * y;
    own += x * x;
    other += y * y;
    difference += (x - y) ** 2;
  });
  return {
    correlation: both / Math.sqrt(own * other),
    slope: both / other,
    error: Math.sqrt(difference / found.length),
  };
}

/** The same for means over spheres of 25 Å, which are what sharpening sees of B-factors. */
export async function smoothRecovery(found: Float32Array, { positions, bFactors }: Atoms): Promise<Recovery> {
  const radius = 25;
  return recovery(
    await averageBFactors({ positions, bFactors: found }, radius),
    await averageBFactors({ positions, bFactors }, radius),
  );
}
