import type { PlacedAtom } from '../../../demo/dist/structure/side-chains.js';

/** Distance (Å) below which two atoms repel: a hydrogen bond's, or the sum of van der Waals radii less a little. */
const touching = { polar: 2.8, other: 3.5 };
/** Up to this distance (Å) they attract. */
export const attraction = { reach: 4.6, depth: 0.2 };

const isPolar = ({ element }: PlacedAtom): boolean => element === 'N' || element === 'O';

/** A crude energy of two groups of atoms: quadratic repulsion (1 at 0.5 Å overlap), a shallow well beyond. */
export const contactEnergy = (a: readonly PlacedAtom[], b: readonly PlacedAtom[]): number => {
  let sum = 0;
  for (const one of a) {
    const [x, y, z] = one.position;
    for (const other of b) {
      const [u, v, w] = other.position;
      const square = (x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2;
      if (square >= attraction.reach ** 2) continue;
      const overlap = (isPolar(one) && isPolar(other) ? touching.polar : touching.other) - Math.sqrt(square);
      sum += overlap > 0 ? 4 * overlap * overlap : -attraction.depth;
    }
  }
  return sum;
};
