import type { Vec3 } from './vector.js';

/** Elements that the structure and the scattering table know. */
export type Element = 'H' | 'C' | 'N' | 'O' | 'S';

/** Where in the fold a residue stands; it decides its side chain and its B-factor; a hinge joins two arm helices. */
export type Region = 'strand' | 'helix' | 'loop' | 'arm' | 'hinge' | 'tail';

export interface Atom {
  readonly name: string;
  readonly element: Element;
  readonly residue: string;
  /** 1-based residue number. */
  readonly residueNumber: number;
  readonly region: Region;
  /** Å, coordinate order (x, y, z). */
  readonly position: Vec3;
  /** Isotropic displacement parameter B = 8π²⟨u²⟩, Å². */
  readonly bFactor: number;
}

/** Main-chain atoms of one residue plus Cβ (which a glycine later drops). */
export interface Backbone {
  readonly region: Region;
  readonly N: Vec3;
  readonly CA: Vec3;
  readonly C: Vec3;
  readonly O: Vec3;
  readonly CB: Vec3;
}
