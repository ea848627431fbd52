import { byElement, factorsAt, type Scatterer } from './scattering.js';

/** Width of a distance bin, Å. Shares between neighbouring bins make the error of a term (2π f h)² / 8 at most: 1.2e-4 at 1 Å. */
const binWidth = 0.005;

/** Sums over bins of the distances between all pairs of two groups of atoms. */
const distances = (a: Float64Array, b: Float64Array): Float64Array => {
  const extent = (points: Float64Array): number => points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const bins = new Float64Array(Math.ceil((Math.sqrt(3) * (extent(a) + extent(b))) / binWidth) + 2);
  for (let i = 0; i < a.length; i += 3) {
    for (let j = a === b ? i + 3 : 0; j < b.length; j += 3) {
      const dx = (a[i] as number) - (b[j] as number);
      const dy = (a[i + 1] as number) - (b[j + 1] as number);
      const dz = (a[i + 2] as number) - (b[j + 2] as number);
      const at = Math.sqrt(dx * dx + dy * dy + dz * dz) / binWidth;
      const bin = Math.floor(at);
      bins[bin] = (bins[bin] as number) + (bin + 1 - at);
      bins[bin + 1] = (bins[bin + 1] as number) + (at - bin);
    }
  }
  return bins;
};

/** Σ n(r) sin(2π f r) / (2π f r). */
const sincTransform = (bins: Float64Array, frequency: number): number => {
  let sum = bins[0] as number;
  for (let bin = 1; bin < bins.length; bin++) {
    const pairs = bins[bin] as number;
    if (pairs === 0) continue;
    const x = 2 * Math.PI * frequency * bin * binWidth;
    sum += (pairs * Math.sin(x)) / x;
  }
  return sum;
};

/**
 * Root mean square of |F| over all directions by the Debye formula (P. Debye 1915, Ann. Phys. 351, 809–823):
 * ⟨|F|²⟩ = Σᵢ Σⱼ fᵢ fⱼ sin(2π f rᵢⱼ) / (2π f rᵢⱼ). Needs no directions, so it tells how well chosen directions do.
 */
export const debyeRms = (atoms: readonly Scatterer[], frequencies: Float64Array): Float64Array => {
  const groups = [...byElement(atoms)].map(([element, positions]) => ({
    positions,
    factors: factorsAt(element, frequencies),
  }));
  const power = new Float64Array(frequencies.length);
  groups.forEach((a, i) => {
    for (const b of groups.slice(i)) {
      const bins = distances(a.positions, b.positions);
      const self = a === b ? a.positions.length / 3 : 0;
      frequencies.forEach((frequency, k) => {
        const pairs = self + 2 * sincTransform(bins, frequency);
        power[k] = (power[k] as number) + (a.factors[k] as number) * (b.factors[k] as number) * pairs;
      });
    }
  });
  return power.map(Math.sqrt);
};
