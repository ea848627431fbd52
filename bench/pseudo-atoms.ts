import { buildPseudoAtoms, fft3, simulateModel, type PseudoAtomInput, type Shape } from '@locscale/native';
import { seededRandom } from './data/random.js';
import type { Bench } from './measurement.js';
import { timed } from './timing.js';

const voxelSize = 1.2;
/** Å³ an atom in a protein. */
const room = 16.16;
/** A mask holds fewer pseudo-atoms than its volume atoms, as in LocScale. */
const looseness = 1.55;

/** The map of random atoms at a protein's density in a ball, 3.5 Å, and the ball as the mask. */
async function ball(count: number, edge: number): Promise<Pick<PseudoAtomInput, 'map' | 'mask' | 'shape'>> {
  const random = seededRandom(17);
  const [radius, middle] = [Math.cbrt((3 * count * room) / (4 * Math.PI)), (edge * voxelSize) / 2];
  const positions = new Float64Array(3 * count);
  for (let i = 0; i < count;) {
    const offset = [0, 1, 2].map(() => radius * (2 * random.uniform() - 1));
    if (Math.hypot(...offset) > radius) continue;
    offset.forEach((value, axis) => (positions[3 * i + axis] = middle + value));
    i++;
  }
  const atoms = {
    positions,
    elements: new Uint8Array(count).fill(6),
    bFactors: new Float32Array(count).fill(60),
    occupancies: new Float32Array(count).fill(1),
  };
  const shape: Shape = [edge, edge, edge];
  const grid = { shape, voxelSize: [voxelSize, voxelSize, voxelSize], origin: [0, 0, 0] } as const;
  const { map } = await simulateModel(atoms, grid, { resolution: 3.5 });
  const mask = Float32Array.from(map, (_, i) => {
    const at = [i % edge, Math.floor(i / edge) % edge, Math.floor(i / edge ** 2)];
    return Math.hypot(...at.map((voxel) => voxel * voxelSize - middle)) <= radius ? 1 : 0;
  });
  return { map, mask, shape };
}

const cases = [
  { modelled: 7750, edge: 144, rounds: 3 },
  { modelled: 77_500, edge: 256, rounds: 1 },
] as const;

export const pseudoAtomBench: Bench = {
  name: 'pseudo-atoms',
  about: 'pseudo-atoms until they rest, and LocScale’s 50 steps, one thread, processor time; in transforms of the box',
  async run({ report, note }) {
    for (const { modelled, edge, rounds: count } of cases) {
      const box = await ball(modelled, edge);
      const atoms = Math.round(modelled / looseness);
      const common = { ...box, threshold: 0.99, atoms, seed: 42 } as const;
      const solvers = [
        { what: 'until they rest', solver: 'settle', distance: 2 / voxelSize, iterations: 1000 },
        { what: 'LocScale’s 50 steps', solver: 'locscale-steps', distance: 1.2 / voxelSize, iterations: 50 },
      ] as const;
      for (const { what, ...how } of solvers) {
        const seen: { readonly transform: number; readonly building: number }[] = [];
        for (let round = 0; round < count; round++) {
          const transform = await timed(() => fft3(box.map, box.shape, { threads: 1 }));
          const building = await timed(() => buildPseudoAtoms({ ...common, ...how }, { threads: 1 }));
          const { settled, closeContacts, meanStep } = building.result;
          if (round === 0)
            note(
              `${atoms} atoms in ${edge}³, ${what}: ${settled ? 'settled' : 'not settled'} after ${meanStep.length - 1} iterations, ${closeContacts.at(-1) ?? NaN} close contacts`,
            );
          seen.push({ transform: transform.cpu, building: building.cpu });
        }
        report({
          case: `${atoms.toLocaleString('en')} atoms in ${edge}³, ${what}`,
          value: Math.min(...seen.map(({ building }) => building)),
          unit: 's',
          against: { what: 'one transform of the box', value: Math.min(...seen.map(({ transform }) => transform)) },
        });
      }
    }
  },
};
