import { type GaussianTerm, scatteringFactors } from '../../demo/dist/simulation/scattering.js';
import type { Vec3 } from '../../demo/dist/structure/vector.js';

/** Elements of proteins and nucleic acids; atoms of others are left out of a profile. */
export type ProfileElement = 'H' | 'C' | 'N' | 'O' | 'P' | 'S';

/** An atom at rest (B = 0). */
export interface Scatterer {
  readonly element: ProfileElement;
  /** Å. */
  readonly position: Vec3;
}

/** Phosphorus from the same table as the others (International Tables C 4.3.2.2; Peng et al. 1996). */
const phosphorus: readonly GaussianTerm[] = [
  { a: 0.2548, b: 0.2908 },
  { a: 0.6106, b: 1.874 },
  { a: 1.4541, b: 8.5176 },
  { a: 2.3204, b: 24.3434 },
  { a: 0.8477, b: 63.2996 },
];

const terms: Readonly<Record<ProfileElement, readonly GaussianTerm[]>> = { ...scatteringFactors, P: phosphorus };

export const profileElements = Object.keys(terms) as readonly ProfileElement[];

/** Whether the profile knows scattering factors of an element, named as in coordinate files. */
export const isProfileElement = (name: string): name is ProfileElement => Object.hasOwn(terms, name);

/** Scattering factor (Å) of an element at each frequency (1/d, 1/Å). */
export const factorsAt = (element: ProfileElement, frequencies: Float64Array): Float64Array =>
  frequencies.map((f) => terms[element].reduce((sum, { a, b }) => sum + a * Math.exp((-b * f * f) / 4), 0));

/** Atoms by element, coordinates packed as x, y, z. */
export const byElement = (atoms: readonly Scatterer[]): ReadonlyMap<ProfileElement, Float64Array> =>
  new Map(
    profileElements.flatMap((element) => {
      const group = atoms.filter((atom) => atom.element === element);
      return group.length === 0 ? [] : [[element, Float64Array.from(group.flatMap((atom) => atom.position))]];
    }),
  );
