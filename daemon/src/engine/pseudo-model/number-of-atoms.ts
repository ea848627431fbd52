import { LocScaleError } from '@chimerax-like/rpc';

/** g/cm³. */
const proteinDensity = 1.35;
/** Mean weight of an atom that is not hydrogen, g/mol. */
const meanAtomWeight = 13.14;
const avogadro = 6.02214076e23;
const cubicCentimetres = 1e-24;
/** By how much LocScale found masks to hold fewer atoms than their volume says, in regions with a model. */
const looseness = 1.55;

/** What the number of pseudo-atoms follows from (models.md 1). */
export type AtomCount =
  /** The volume of the mask of a whole molecule: an atom in 25.05 Å³. */
  | { readonly kind: 'mask' }
  /** The volume of a region that a model does not cover: an atom in 16.16 Å³, as a model has it. */
  | { readonly kind: 'unmodelled' }
  | { readonly kind: 'weight'; readonly kilodalton: number };

/** Number of pseudo-atoms for a mask of so many Å³. */
export function numberOfAtoms(count: AtomCount, volume: number): number {
  if (count.kind === 'weight') return Math.trunc((count.kilodalton * 1000) / meanAtomWeight);
  const inMask = Math.round(((proteinDensity * volume * cubicCentimetres) / meanAtomWeight) * avogadro);
  return count.kind === 'unmodelled' ? inMask : Math.round(inMask / looseness);
}

/** The same; refuses what leads to no atom. */
export function expectAtoms(count: AtomCount, volume: number, voxels: number, threshold: number): number {
  const atoms = numberOfAtoms(count, volume);
  if (atoms > 0) return atoms;
  if (count.kind === 'weight')
    throw new LocScaleError(
      'input.parameter',
      `A molecular weight of ${count.kilodalton} kDa is less than one atom; give the weight in kDa, as 250.`,
    );
  throw new LocScaleError(
    'input.voxels',
    `${voxels === 0 ? 'No voxel' : `Only ${voxels} voxels`} of the mask ${voxels === 0 ? 'reaches' : 'reach'} ${threshold}, too small a volume for an atom; give a mask that is 1 inside, or a lower threshold (-th).`,
    { voxels, threshold },
  );
}
