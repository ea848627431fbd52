import { fft3, refineAdp, simulateModel, type Atoms, type ModelGrid, type RefineAdpInput } from '@locscale/native';
import { type Random, seededRandom } from './data/random.js';
import type { Bench, BenchContext } from './measurement.js';
import { timed } from './timing.js';

interface Case {
  readonly atoms: number;
  readonly edge: number;
  /** Seconds of processor time for one refinement that the project wants. */
  readonly goal: number;
  readonly rounds: number;
}

const cases: readonly Case[] = [
  { atoms: 5_000, edge: 144, goal: 2, rounds: 5 },
  { atoms: 50_000, edge: 256, goal: 20, rounds: 3 },
];

const voxelSize = 1.1;
const resolution = 3.5;
/** Atoms other than hydrogen in a protein, per Å³. */
const density = 1 / 16.2;

/** Atoms in a spherical shell that spans the box but for 20 Å on each side, so that little can be cut away around it. */
function shellOfAtoms(count: number, edge: number, random: Random): Atoms {
  const centre = (edge * voxelSize) / 2;
  const outer = centre - 20;
  const inner = Math.cbrt(outer ** 3 - Math.min(count / density / ((4 / 3) * Math.PI), outer ** 3));
  const positions = new Float64Array(3 * count);
  for (let i = 0; i < count;) {
    const point = [0, 1, 2].map(() => (2 * random.uniform() - 1) * outer) as [number, number, number];
    const radius = Math.hypot(...point);
    if (radius < inner || radius > outer) continue;
    positions.set(
      point.map((value) => value + centre),
      3 * i,
    );
    i += 1;
  }
  const field = (i: number): number => 80 + 40 * Math.sin((positions[3 * i] ?? 0) / 18);
  return {
    positions,
    elements: Uint8Array.from({ length: count }, () => 6 + Math.floor(3 * random.uniform())),
    bFactors: Float32Array.from({ length: count }, (_, i) => field(i)),
    occupancies: new Float32Array(count).fill(1),
  };
}

async function measure({ report }: BenchContext, { atoms: count, edge, goal, rounds }: Case): Promise<void> {
  const random = seededRandom(13);
  const grid: ModelGrid = {
    shape: [edge, edge, edge],
    voxelSize: [voxelSize, voxelSize, voxelSize],
    origin: [0, 0, 0],
  };
  const atoms = shellOfAtoms(count, edge, random);
  const { map } = await simulateModel(atoms, grid);
  const noisy = (): Float32Array => map.map((value) => value + 0.2 * random.normal());
  const [half1, half2] = [noisy(), noisy()];
  const mean = half1.map((value, i) => (value + (half2[i] ?? 0)) / 2);
  const fixed: RefineAdpInput = { atoms, grid, maps: [mean], resolution };
  const chosen: RefineAdpInput = { atoms, grid, maps: [half1, half2], resolution };
  const threads = 1;
  // In turn, so that all meet the same conditions; the least of each, because others only ever add.
  const [transform, one, all]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    transform.push((await timed(() => fft3(map, grid.shape, { threads }))).cpu);
    one.push((await timed(() => refineAdp(fixed, { threads }))).cpu);
    all.push((await timed(() => refineAdp(chosen, { threads }))).cpu);
  }
  const name = `${count.toLocaleString('en')} atoms, ${edge}³`;
  const [fft, single, choice] = [Math.min(...transform), Math.min(...one), Math.min(...all)];
  const unit = 'transforms of the box';
  report({
    case: `${name}, one refinement`,
    value: single,
    unit: 's',
    against: { what: 'goal', value: goal, goal: 1 },
  });
  report({ case: `${name}, one refinement`, value: single / fft, unit });
  report({ case: `${name}, restraint weight chosen by half maps`, value: choice, unit: 's' });
  report({ case: `${name}, restraint weight chosen by half maps`, value: choice / fft, unit });
}

export const refinementBench: Bench = {
  name: 'refinement',
  about: `B-factors at ${resolution} Å, one thread, restraints and half-map choice of their weight; processor time, least of some runs`,
  run: async (context) => {
    for (const one of cases) await measure(context, one);
  },
};
