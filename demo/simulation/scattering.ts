import type { Element } from '../structure/atom.js';

/** f(s) = Σ a exp(-b s²), s = sin θ / λ = 1 / (2d) in 1/Å; a in Å, b in Å². */
export interface GaussianTerm {
  readonly a: number;
  readonly b: number;
}

const terms = (a: readonly number[], b: readonly number[]): readonly GaussianTerm[] =>
  a.map((value, i) => ({ a: value, b: b[i] ?? 0 }));

/**
 * Elastic scattering factors of neutral atoms for electrons, five Gaussians, for s up to 2 Å⁻¹:
 * International Tables for Crystallography, volume C, table 4.3.2.2, after L.-M. Peng, G. Ren, S. L. Dudarev and
 * M. J. Whelan (1996), Acta Cryst. A52, 257–276.
 */
export const scatteringFactors: Readonly<Record<Element, readonly GaussianTerm[]>> = {
  H: terms([0.0349, 0.1201, 0.197, 0.0573, 0.1195], [0.5347, 3.5867, 12.3471, 18.9525, 38.6269]),
  C: terms([0.0893, 0.2563, 0.757, 1.0487, 0.3575], [0.2465, 1.71, 6.4094, 18.6113, 50.2523]),
  N: terms([0.1022, 0.3219, 0.7982, 0.8197, 0.1715], [0.2451, 1.7481, 6.1925, 17.3894, 48.1431]),
  O: terms([0.0974, 0.2921, 0.691, 0.699, 0.2039], [0.2067, 1.3815, 4.6943, 12.7105, 32.4726]),
  S: terms([0.2497, 0.5628, 1.3899, 2.1865, 0.7715], [0.2681, 1.6711, 7.0267, 19.5377, 50.3888]),
};

/** Scattering factor in Å at spatial frequency `frequency` = 1/d in 1/Å (so that s = frequency / 2). */
export const scatteringFactor = (element: Element, frequency: number): number =>
  scatteringFactors[element].reduce((sum, { a, b }) => sum + a * Math.exp((-b * frequency * frequency) / 4), 0);
