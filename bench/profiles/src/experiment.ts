import { combineHalfMaps, radialProfile, shellFrequencies } from '@locscale/native';
import { createRandom, seedFor } from '../../../demo/dist/random.js';
import { type Box, centreInBox, cubicBox } from '../../../demo/dist/simulation/box.js';
import {
  colouredNoise,
  curveAt,
  imagedAtoms,
  imperfectModel,
  simulateDensity,
} from '../../../demo/dist/simulation/experiment.js';
import { filterMap, lowPassGain } from '../../../demo/dist/simulation/fourier.js';
import { envelopeOf, softMask } from '../../../demo/dist/simulation/mask.js';
import type { Atom } from '../../../demo/dist/structure/atom.js';
import { randomlyOriented } from './turns.js';

/** Maps of one simulated or given data set, all on one cubic grid. */
export interface Experiment {
  readonly name: string;
  readonly box: Box;
  /** Density of the atoms with their own B-factors: no noise, no overall blur. */
  readonly truth: Float32Array;
  /** Mean of two half maps. */
  readonly map: Float32Array;
  /** Map of an imperfect model: what users have. */
  readonly model: Float32Array;
  /** Truth up to the resolution: the best reference that there could be. */
  readonly ideal: Float32Array;
  /** What is scaled, what is judged (3 Å around atoms), and a soft edge around that. */
  readonly mask: Uint8Array;
  readonly judged: Uint8Array;
  readonly soft: Float32Array;
  /** Å */
  readonly resolution: number;
}

const voxelSize = 1.2;
const resolution = 3.4;
/** As the demonstration: Å² and degrees. Orientation errors blur the more the further from the centre. */
const imaging = { overallB: 90, angularError: 3, noiseB: 40 } as const;
/** Å around atoms. */
const reach = { judged: 3, scaled: 6 } as const;
/** Noise varies from place to place by exp(0.5 u), u a smooth normal field of this width (standard deviation, Å). */
const noiseField = { spread: 0.5, width: 12 } as const;

/** Masks of the atoms, and the maps that follow from the truth. */
export const aroundAtoms = async (
  atoms: readonly Atom[],
  box: Box,
): Promise<Pick<Experiment, 'truth' | 'ideal' | 'mask' | 'judged' | 'soft'>> => {
  const envelope = envelopeOf(atoms, box, reach.judged, reach.scaled);
  const density = await simulateDensity(atoms, box);
  return {
    truth: Float32Array.from(density),
    ideal: Float32Array.from(await filterMap(density, box, lowPassGain(resolution))),
    judged: Uint8Array.from(envelope.mask),
    soft: softMask(envelope, reach.judged, reach.scaled - reach.judged),
    mask: Uint8Array.from(envelope.distance, (d) => (d <= reach.scaled ? 1 : 0)),
  };
};

const times = (map: Float64Array, weights: ArrayLike<number>): Float64Array =>
  map.map((value, i) => value * (weights[i] ?? 0));

/** exp(spread · u) of a smooth normal field u with mean 0 and deviation 1. */
const noiseLevels = async (box: Box, seed: number): Promise<Float64Array> => {
  const field = await colouredNoise(box, 8 * Math.PI ** 2 * noiseField.width ** 2, seed);
  const mean = field.reduce((sum, u) => sum + u, 0) / field.length;
  const deviation = Math.sqrt(field.reduce((sum, u) => sum + (u - mean) ** 2, 0) / field.length);
  return field.map((u) => Math.exp((noiseField.spread * (u - mean)) / deviation));
};

/** Half maps of a structure in a random orientation, with local blur and noise that varies from place to place. */
export const simulate = async (name: string, structure: readonly Atom[], seed: number): Promise<Experiment> => {
  const oriented = randomlyOriented(structure, createRandom(seedFor(seed, `orientation of ${name}`)));
  const extent = Math.max(
    ...([0, 1, 2] as const).map((axis) => {
      const along = oriented.map(({ position }) => position[axis]);
      return along.reduce((a, b) => Math.max(a, b)) - along.reduce((a, b) => Math.min(a, b));
    }),
  );
  const box = cubicBox(8 * Math.ceil((extent + 24) / voxelSize / 8), voxelSize);
  const atoms = centreInBox(oriented, box);
  const around = await aroundAtoms(atoms, box);
  const signal = await simulateDensity(imagedAtoms(atoms, box, imaging.overallB, imaging.angularError), box);
  const levels = await noiseLevels(box, seedFor(seed, `noise levels of ${name}`));
  const noise = async (half: string): Promise<Float64Array> =>
    times(await colouredNoise(box, imaging.noiseB, seedFor(seed, `${half} of ${name}`)), levels);
  const [noise1, noise2] = [await noise('half 1'), await noise('half 2')];

  // Noise that brings the FSC of the half maps to 0.143 at the resolution, as in the demonstration.
  const frequencies = shellFrequencies(box.shape, voxelSize);
  const amplitude = async (map: Float64Array): Promise<number> => {
    const profile = await radialProfile(Float32Array.from(times(map, around.soft)), box.shape);
    return curveAt(profile, frequencies, 1 / resolution);
  };
  const level = ((await amplitude(signal)) / (await amplitude(noise1))) * Math.sqrt((1 - 0.143) / 0.143);
  const half = (part: Float64Array): Float32Array => Float32Array.from(signal, (v, i) => v + level * (part[i] ?? 0));
  const model = await simulateDensity(imperfectModel(atoms, seed), box);
  return {
    name: `${name}, seed ${seed}`,
    box,
    ...around,
    map: await combineHalfMaps(half(noise1), half(noise2)),
    model: Float32Array.from(await filterMap(model, box, lowPassGain(resolution))),
    resolution,
  };
};
