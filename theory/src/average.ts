import { type Amplitudes, sphericalAmplitudes } from './amplitudes.js';
import { factorsAt, type Scatterer } from './scattering.js';

/**
 * What a structure's amplitudes are divided by: the root of Σ f(0)², their root mean square if its atoms stood anywhere.
 * It makes structures of any size count alike.
 */
const randomLevel = (atoms: readonly Scatterer[]): number => {
  const forward = Float64Array.of(0);
  return Math.sqrt(atoms.reduce((sum, { element }) => sum + (factorsAt(element, forward)[0] as number) ** 2, 0));
};

/** Mean of the normalised amplitudes of several structures; both averages as in `Amplitudes`, dimensionless. */
export const averageAmplitudes = (
  structures: Iterable<readonly Scatterer[]>,
  frequencies: Float64Array,
  directions: Float64Array,
): Amplitudes => {
  const sum = { mean: new Float64Array(frequencies.length), rms: new Float64Array(frequencies.length) };
  let count = 0;
  for (const atoms of structures) {
    const level = randomLevel(atoms);
    const { mean, rms } = sphericalAmplitudes(atoms, frequencies, directions);
    for (let i = 0; i < frequencies.length; i++) {
      sum.mean[i] = (sum.mean[i] as number) + (mean[i] as number) / level;
      sum.rms[i] = (sum.rms[i] as number) + (rms[i] as number) / level;
    }
    count += 1;
  }
  return { mean: sum.mean.map((value) => value / count), rms: sum.rms.map((value) => value / count) };
};
