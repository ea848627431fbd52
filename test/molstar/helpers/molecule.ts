import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateModel } from '@locscale/native';
import { readModel } from '../../../daemon/dist/models/index.js';
import { writeVolume } from '../../../daemon/dist/volumes/index.js';
import { apix, ball, grid } from '../../daemon/helpers/maps.js';
import { pdbText, type PdbAtom } from '../../models/helpers/pdb.js';
import { randomNumbers } from '../../native/helpers.js';

export interface MoleculeFiles {
  readonly half1: string;
  readonly half2: string;
  readonly mask: string;
  /** All atoms, all with one B-factor. */
  readonly model: string;
  /** Half of them. */
  readonly partial: string;
}

/** A ball of atoms whose B-factors rise with the distance from the centre, and two noisy half maps of it, n³ voxels. */
export async function writeMolecule(folder: string, n: number): Promise<MoleculeFiles> {
  const centre = (n / 2) * apix;
  const random = randomNumbers(7);
  const places = Array.from({ length: 180 }, () => {
    const [z, angle, radius] = [2 * random() - 1, 2 * Math.PI * random(), 0.55 * centre * Math.cbrt(random())];
    const flat = radius * Math.sqrt(1 - z * z);
    return [flat * Math.cos(angle), flat * Math.sin(angle), radius * z] as const;
  });
  const atoms = (bOf: (radius: number) => number): PdbAtom[] =>
    places.map(([x, y, z], i) => ({
      number: String(i + 1),
      position: [centre + x, centre + y, centre + z] as const,
      b: bOf(Math.hypot(x, y, z))
        .toFixed(2)
        .padStart(6),
    }));
  const path = (name: string): string => join(folder, name);
  const flat = atoms(() => 40);
  await writeFile(path('model.pdb'), pdbText(flat));
  await writeFile(path('partial.pdb'), pdbText(flat.slice(0, 90)));
  await writeFile(path('truth.pdb'), pdbText(atoms((radius) => 30 + 5 * radius)));
  const { map } = await simulateModel((await readModel(path('truth.pdb'))).atoms, grid(n));
  for (const half of [1, 2])
    await writeVolume(path(`mol_half${half}.mrc`), {
      grid: grid(n),
      voxels: map.map((value) => value + 0.1 * (random() - 0.5)),
    });
  await writeVolume(path('mol_mask.mrc'), { grid: grid(n), voxels: ball(n, 0.7) });
  return {
    half1: path('mol_half1.mrc'),
    half2: path('mol_half2.mrc'),
    mask: path('mol_mask.mrc'),
    model: path('model.pdb'),
    partial: path('partial.pdb'),
  };
}
