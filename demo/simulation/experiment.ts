import { radialProfile, shellFrequencies } from '@locscale/native';
import { createRandom, seedFor } from '../random.js';
import type { Atom } from '../structure/atom.js';
import { add, distance } from '../structure/vector.js';
import { type Box, centreOf, voxelCountOf } from './box.js';
import { bFactorGain, filterMap, lowPassGain } from './fourier.js';
import { samplingBlur, splatAtoms } from './splat.js';

/** What the simulated microscope and processing did to the structure. */
export interface ExperimentOptions {
  readonly seed: number;
  /** Overall B (Å²) of imaging and processing at the centre of the particle, on top of the atoms' own. */
  readonly overallB: number;
  /** Root-mean-square error of the particles' orientations, degrees: blurs more the further from the centre. */
  readonly angularError: number;
  /** Noise amplitudes fall as exp(-noiseB f²/4): slower than the signal's, as in reconstructions. */
  readonly noiseB: number;
  /** Resolution (Å) at which the half-map FSC inside the soft mask shall fall to 0.143; sets the noise level. */
  readonly resolution: number;
}

export interface Experiment {
  /** Density with the atoms' own B-factors, no overall blur and no noise. */
  readonly truth: Float32Array;
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  /** Density of an imperfect model, low-passed at the resolution: what refinement would give the user. */
  readonly reference: Float32Array;
}

/** Density (Å per Å³) of the atoms with their own B-factors, free of aliasing up to the Nyquist frequency. */
export const simulateDensity = async (atoms: readonly Atom[], box: Box): Promise<Float64Array> => {
  const blur = samplingBlur(atoms, box.voxelSize);
  return filterMap(splatAtoms(atoms, box, blur), box, bFactorGain(-blur));
};

/**
 * The atoms as imaged: each B raised by the overall B and by the orientation errors. A rotation by a small random angle of
 * variance σ² about a random axis moves an atom at distance r from the centre by u with <u²> per axis = (2/9) σ² r², and
 * B = 8π² <u²>. (For σ the total angle, the mean squared displacement is (2/3) σ² r², shared by three axes.)
 */
export const imagedAtoms = (atoms: readonly Atom[], box: Box, overallB: number, angularError: number): Atom[] => {
  const sigma = (angularError * Math.PI) / 180;
  const perSquaredDistance = 8 * Math.PI * Math.PI * (2 / 9) * sigma * sigma;
  const centre = centreOf(box);
  return atoms.map((atom) => {
    const r = distance(atom.position, centre);
    return { ...atom, bFactor: atom.bFactor + overallB + perSquaredDistance * r * r };
  });
};

/** White Gaussian noise of unit variance shaped by exp(-noiseB f²/4), all over the box, solvent included. */
export const colouredNoise = async (box: Box, noiseB: number, seed: number): Promise<Float64Array> => {
  const random = createRandom(seed);
  const white = Float64Array.from({ length: voxelCountOf(box) }, random.normal);
  return filterMap(white, box, bFactorGain(noiseB));
};

/** Value of a curve (one value per shell) at spatial frequency `frequency`, linear between shells. */
export const curveAt = (curve: Float64Array, frequencies: Float64Array, frequency: number): number => {
  const upper = frequencies.findIndex((f) => f >= frequency);
  const [f0, f1] = [frequencies[upper - 1], frequencies[upper]];
  if (f0 === undefined || f1 === undefined) return curve.at(upper === 0 ? 0 : -1) ?? 0;
  const share = (frequency - f0) / (f1 - f0);
  return (curve[upper - 1] ?? 0) * (1 - share) + (curve[upper] ?? 0) * share;
};

const sum = (a: Float64Array, b: Float64Array, factor: number): Float32Array =>
  Float32Array.from(a, (value, i) => value + factor * (b[i] ?? 0));

/**
 * The model a user would bring: every coordinate off by 0.25 Å (root mean square, in space), every B by 10 %, and the
 * tail that nobody could build left out.
 */
export const imperfectModel = (atoms: readonly Atom[], seed: number): Atom[] => {
  const random = createRandom(seedFor(seed, 'model errors'));
  const perAxis = 0.25 / Math.sqrt(3);
  return atoms
    .filter((atom) => atom.region !== 'tail')
    .map((atom) => ({
      ...atom,
      position: add(atom.position, [perAxis * random.normal(), perAxis * random.normal(), perAxis * random.normal()]),
      bFactor: Math.max(5, atom.bFactor * (1 + 0.1 * random.normal())),
    }));
};

const times = (map: Float64Array, weights: Float32Array): Float32Array =>
  Float32Array.from(map, (value, i) => value * (weights[i] ?? 0));

/** Truth, two half maps with independent noise, and the reference, all on the same grid. */
export const simulateExperiment = async (
  atoms: readonly Atom[],
  box: Box,
  softMask: Float32Array,
  options: ExperimentOptions,
): Promise<Experiment> => {
  const { seed, overallB, angularError, noiseB, resolution } = options;
  const truth = await simulateDensity(atoms, box);
  const signal = await simulateDensity(imagedAtoms(atoms, box, overallB, angularError), box);
  const noise1 = await colouredNoise(box, noiseB, seedFor(seed, 'half 1'));
  const noise2 = await colouredNoise(box, noiseB, seedFor(seed, 'half 2'));

  // FSC = S / (S + N) in each shell. Amplitude means stand in for root mean squares; their ratio is nearly the same
  // in both (Rayleigh-distributed amplitudes), so it drops out of S / N.
  const frequencies = shellFrequencies(box.shape, box.voxelSize);
  const amplitude = async (map: Float64Array): Promise<number> =>
    curveAt(await radialProfile(times(map, softMask), box.shape), frequencies, 1 / resolution);
  const level = ((await amplitude(signal)) / (await amplitude(noise1))) * Math.sqrt((1 - 0.143) / 0.143);

  const model = await simulateDensity(imperfectModel(atoms, seed), box);
  return {
    truth: Float32Array.from(truth),
    half1: sum(signal, noise1, level),
    half2: sum(signal, noise2, level),
    reference: Float32Array.from(await filterMap(model, box, lowPassGain(resolution))),
  };
};
