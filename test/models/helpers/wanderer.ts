import type { Grid } from '@chimerax-like/rpc';
import type { Atoms } from '@locscale/native';
import { randomNumbers } from '../../native/helpers.js';
import { randomAtoms } from './atoms.js';

/** The box in which it wanders. */
export const wandererGrid: Grid = { shape: [64, 60, 56], voxelSize: [1.4, 1.4, 1.4], origin: [0, 0, 0] };

/** A chain that wanders through the box, 6 Å from its faces: of one hand, and without symmetry. */
export function wanderer(seed: number): Atoms {
  const random = randomNumbers(seed);
  const atoms = randomAtoms(900, 0, 1, seed);
  const [at, heading] = [
    [34, 36, 40],
    [1, 0.3, 0.2],
  ];
  const positions = atoms.positions.map((_, i) => {
    const axis = i % 3;
    if (axis === 0)
      for (let k = 0; k < 3; k++) {
        heading[k] = 0.85 * (heading[k] ?? 0) + 0.9 * (random() - 0.5) - 0.002 * ((at[k] ?? 0) - (k === 2 ? 40 : 36));
        at[k] = (at[k] ?? 0) + 1.8 * (heading[k] ?? 0);
      }
    return at[axis] ?? 0;
  });
  const along = (axis: number): Float64Array => positions.filter((_, i) => i % 3 === axis);
  const [least, most] = [[0, 1, 2].map((k) => Math.min(...along(k))), [0, 1, 2].map((k) => Math.max(...along(k)))];
  const stretched = positions.map((value, i) => {
    const [from, to, edge] = [least[i % 3] ?? 0, most[i % 3] ?? 1, [78, 84, 89][i % 3] ?? 0];
    return 6 + ((value - from) / (to - from)) * (edge - 12);
  });
  return { ...atoms, positions: stretched };
}
