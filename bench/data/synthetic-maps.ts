import { fft3, inverseFft3, type Shape } from '@locscale/native';
import { addBlurred, bFactorFalloff, blurred, gaussianFalloff } from './filter.js';
import { largestVoxels } from './masks.js';
import { randomAtoms, scatter } from './molecule.js';
import { seededRandom } from './random.js';

/** B-factors in Å² of the three classes of atoms. */
const mapB = [80, 130, 200] as const;
const referenceB = [25, 45, 70] as const;
/** Noise of the map: fall-off as a B-factor in Å², and standard deviation relative to the signal's inside the molecule. */
const noise = { b: 20, share: 0.08 };
/** The ragged mask is cut from a map with this many times the noise. */
const raggedNoise = 25;
/** Å³ of molecule for each atom. */
const atomVolume = 10;
/** Half of the widest window that is timed, and a little more, so that no window leaves the box. */
const margin = 18;

export const voxelSize = 1.2;

/** Map, reference and masks of the speed tests, in C order (z, y, x), in a cube. */
export interface SyntheticMaps {
  readonly edge: number;
  readonly shape: Shape;
  readonly map: Float32Array;
  readonly reference: Float32Array;
  /** One region, as a mask made from a molecule is. */
  readonly compact: Uint8Array;
  /** Many pieces, as a mask cut from a noisy map is. */
  readonly ragged: Uint8Array;
}

const deviation = (values: Float32Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/**
 * Random atoms in a lumpy globular region with three classes of local B-factor: amplitudes fall off with frequency as those
 * of cryo-EM maps do, and differently from place to place. The map is blunter than the reference and has noise.
 */
export async function syntheticMaps(edge = 256, maskVoxels = 1_000_000, seed = 2): Promise<SyntheticMaps> {
  const shape: Shape = [edge, edge, edge];
  const random = seededRandom(seed);
  const atomCount = Math.round(110_000 * (edge / 256) ** 3);
  const atoms = randomAtoms(random, atomCount, (atomCount * atomVolume) / voxelSize ** 3 / edge ** 3);

  const spectrumLength = 2 * edge * edge * (edge / 2 + 1);
  const mapSpectrum = new Float32Array(spectrumLength);
  const referenceSpectrum = new Float32Array(spectrumLength);
  for (const [i, positions] of atoms.entries()) {
    const spectrum = await fft3(scatter(positions, edge), shape);
    addBlurred(mapSpectrum, spectrum, shape, bFactorFalloff(mapB[i] ?? 0, voxelSize));
    addBlurred(referenceSpectrum, spectrum, shape, bFactorFalloff(referenceB[i] ?? 0, voxelSize));
  }
  const reference = await inverseFft3(referenceSpectrum, shape);
  const wide = await inverseFft3(blurred(referenceSpectrum, shape, gaussianFalloff(2.5)), shape);
  const compact = largestVoxels(wide, edge, maskVoxels, margin);

  const signal = await inverseFft3(mapSpectrum, shape);
  const white = Float32Array.from({ length: edge ** 3 }, () => random.normal());
  const coloured = blurred(await fft3(white, shape), shape, bFactorFalloff(noise.b, voxelSize));
  const level =
    (noise.share * deviation(signal.filter((_, i) => compact[i] === 1))) /
    deviation(await inverseFft3(coloured, shape));
  addBlurred(mapSpectrum, coloured, shape, 0, level);
  const map = await inverseFft3(mapSpectrum, shape);
  addBlurred(mapSpectrum, coloured, shape, 0, level * (raggedNoise - 1));
  const smooth = await inverseFft3(blurred(mapSpectrum, shape, gaussianFalloff(2.5)), shape);
  return { edge, shape, map, reference, compact, ragged: largestVoxels(smooth, edge, maskVoxels, margin) };
}
