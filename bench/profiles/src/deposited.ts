import { readModel } from '@locscale/daemon/dist/models/index.js';
import type { Atom, Element } from '../../../demo/dist/structure/atom.js';

/** By atomic number: the elements of proteins, hydrogen left out. */
const elements: Readonly<Record<number, Element>> = { 6: 'C', 7: 'N', 8: 'O', 16: 'S' };
const leastB = 5;
const letterA = 'A'.charCodeAt(0);

/**
 * C, N, O and S atoms of the polymers of a model file with their own B-factors (at least 5 Å²): first model, first of
 * alternate conformations. Region, which only the simulated structure knows, is the same for all.
 */
export async function readAtoms(path: string): Promise<Atom[]> {
  const { atoms } = await readModel(path);
  const { positions, bFactors, alternates, residues, heteros } = atoms;
  return Array.from(atoms.elements).flatMap((number, i): Atom[] => {
    const element = elements[number];
    const residue = residues[i] as number;
    const alternate = alternates[i] as number;
    if (element === undefined || heteros[residue] === 1 || (alternate !== 0 && alternate !== letterA)) return [];
    const [x, y, z] = positions.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const bFactor = Math.max(leastB, bFactors[i] as number);
    return [{ name: element, element, residue: 'UNK', residueNumber: 1, region: 'loop', position: [x, y, z], bFactor }];
  });
}
