import { simulateModel, fft3, type Atoms, type Shape } from '@locscale/native';
import { type DensityTask, modelDensity } from '@locscale/native/model-density';
import { seededRandom } from './data/random.js';
import type { Bench } from './measurement.js';
import { median, rounds, timed } from './timing.js';

const voxelSize = 1.2;

/** Atoms of a protein's elements at a protein's density (one in 16 Å³) in a ball in the middle of the box, B 30 to 90 Å². */
function ballOfAtoms(count: number, edge: number): Atoms {
  const random = seededRandom(11);
  const radius = Math.cbrt((count * 16 * 3) / (4 * Math.PI));
  const positions = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    let offset: readonly number[];
    do offset = [0, 1, 2].map(() => radius * (2 * random.uniform() - 1));
    while (Math.hypot(...offset) > radius);
    offset.forEach((value, axis) => (positions[3 * i + axis] = (edge * voxelSize) / 2 + value));
  }
  return {
    positions,
    elements: Uint8Array.from({ length: count }, (_, i) => [6, 6, 6, 7, 8, 8][i % 6] ?? 6),
    bFactors: Float32Array.from({ length: count }, () => 30 + 60 * random.uniform()),
    occupancies: new Float32Array(count).fill(1),
  };
}

const cases = [
  { name: '5,000 atoms in 144³', count: 5000, edge: 144 },
  { name: '50,000 atoms in 256³', count: 50_000, edge: 256 },
] as const;

/** Blurs that are timed: gemmi's own rule, and the one that is used here (docs/models.md). */
const blurs = [
  { name: 'blur of Refmac and gemmi', sampledB: (8 * Math.PI ** 2) / 1.1 },
  { name: 'blur of this program', sampledB: 140 },
] as const;

export const modelBench: Bench = {
  name: 'model',
  about:
    'atoms to a map: density on the grid beside gemmi’s calculator, one thread, processor time; the whole map in transforms',
  async run({ report }) {
    for (const { name, count, edge } of cases) {
      const atoms = ballOfAtoms(count, edge);
      const shape: Shape = [edge, edge, edge];
      const voxels = [voxelSize, voxelSize, voxelSize] as const;
      for (const { name: which, sampledB } of blurs) {
        const blur = Math.max(0, sampledB * voxelSize ** 2 - 30);
        const task: DensityTask = { ...atoms, shape, voxelSize: voxels, blur };
        const times = await rounds(5, async () => ({
          ours: (await modelDensity('ours', task)).seconds,
          theirs: (await modelDensity('gemmi', task)).seconds,
        }));
        report({
          case: `${name}, density, ${which}`,
          value: Math.min(...times.map(({ ours }) => ours)),
          unit: 's',
          against: { what: 'gemmi', value: Math.min(...times.map(({ theirs }) => theirs)) },
        });
      }
      const map = new Float32Array(edge ** 3);
      const whole = await rounds(3, async () => {
        const transform = await timed(() => fft3(map, shape, { threads: 1 }));
        const grid = { shape, voxelSize: voxels, origin: [0, 0, 0] as const };
        const simulation = await timed(() => simulateModel(atoms, grid, { threads: 1 }));
        return { transform: transform.cpu, simulation: simulation.cpu };
      });
      report({
        case: `${name}, whole map`,
        value: median(whole.map(({ simulation }) => simulation)),
        unit: 's',
        against: { what: 'one transform of the box', value: median(whole.map(({ transform }) => transform)) },
      });
    }
  },
};
