import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { fscCurve, resolutionAt } from '../../demo/dist/analysis/fsc.js';
import { centreInBox, cubicBox } from '../../demo/dist/simulation/box.js';
import {
  colouredNoise,
  type Experiment,
  simulateDensity,
  simulateExperiment,
} from '../../demo/dist/simulation/experiment.js';
import { bFactorGain, filterMap } from '../../demo/dist/simulation/fourier.js';
import { envelopeOf, softMask } from '../../demo/dist/simulation/mask.js';
import { scatteringFactor, scatteringFactors } from '../../demo/dist/simulation/scattering.js';
import { splatAtoms } from '../../demo/dist/simulation/splat.js';
import type { Atom, Element } from '../../demo/dist/structure/atom.js';
import { buildStructure } from '../../demo/dist/structure/structure.js';

const carbonAt = (position: readonly [number, number, number], bFactor: number): Atom => ({
  name: 'CA',
  element: 'C',
  residue: 'ALA',
  residueNumber: 1,
  region: 'helix',
  position,
  bFactor,
});

const integral = (density: Float64Array, voxelSize: number): number =>
  density.reduce((sum, value) => sum + value, 0) * voxelSize ** 3;

describe('electron scattering factors', () => {
  it.each([
    ['H', 0.529],
    ['C', 2.509],
    ['N', 2.214],
    ['O', 1.983],
    ['S', 5.16],
  ] as const)('%s: f(0) = %f Å as tabulated', (element, expected) => {
    expect(scatteringFactor(element, 0)).toBeCloseTo(expected, 3);
  });

  it('fall with frequency, by a small fraction of f(0) remaining at 0.5 Å', () => {
    for (const element of Object.keys(scatteringFactors) as Element[]) {
      expect(scatteringFactor(element, 1)).toBeLessThan(scatteringFactor(element, 0.5));
      expect(scatteringFactor(element, 2) / scatteringFactor(element, 0)).toBeLessThan(0.2);
    }
  });
});

describe('density of one atom', () => {
  it('integrates to f(0), wherever the atom lies between the grid points', () => {
    const box = cubicBox(32, 1);
    for (const offset of [0, 0.25, 0.5])
      expect(integral(splatAtoms([carbonAt([16 + offset, 15, 16 - offset], 40)], box, 60), 1)).toBeCloseTo(2.5088, 3);
  });

  it('has the height of the analytic formula at the atom, and lies at [z][y][x]', () => {
    const box = cubicBox(32, 1);
    const density = splatAtoms([carbonAt([10, 14, 20], 80)], box, 0);
    const height = scatteringFactors.C.reduce((sum, { a, b }) => sum + a * ((4 * Math.PI) / (b + 80)) ** 1.5, 0);
    const highest = density.reduce((a, b) => Math.max(a, b));
    expect(highest).toBeCloseTo(height, 12);
    expect(density.indexOf(highest)).toBe((20 * 32 + 14) * 32 + 10);
  });

  it('does not depend on the blur that is added for sampling and taken away again', async () => {
    const box = cubicBox(32, 1);
    const atom = carbonAt([16.3, 15.8, 16], 90);
    const direct = await filterMap(splatAtoms([atom], box, 0), box, () => 1);
    const detour = await filterMap(splatAtoms([atom], box, 60), box, bFactorGain(-60));
    const largest = direct.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const difference = direct.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (detour[i] as number))), 0);
    // What is left is the aliasing of the direct way.
    expect(difference / largest).toBeLessThan(5e-4);
  });
});

describe('envelope', () => {
  it('is a ball about one atom and carries its B-factor', () => {
    const box = cubicBox(24, 1);
    const { mask, bFactor, distance } = envelopeOf([carbonAt([12, 12, 12], 33)], box, 4, 6);
    const voxels = mask.reduce((sum, inside) => sum + inside, 0);
    expect(voxels).toBe(257); // lattice points with x² + y² + z² ≤ 16
    expect(bFactor.reduce((sum, b) => sum + b, 0)).toBeCloseTo(257 * 33, 3);
    const centre = (12 * 24 + 12) * 24 + 12;
    expect(distance[centre + 5]).toBe(5);
    expect(softMask({ mask, bFactor, distance }, 4, 2)[centre + 5]).toBeCloseTo(0.5, 6);
    expect(softMask({ mask, bFactor, distance }, 4, 2)[centre + 7]).toBe(0);
  });
});

describe('the experiment', () => {
  const box = cubicBox(64, 1.8);
  const atoms = centreInBox(buildStructure({ seed: 1 }), box);
  const soft = softMask(envelopeOf(atoms, box, 3, 6), 3, 3);
  const options = { seed: 1, overallB: 90, angularError: 3, noiseB: 40, resolution: 4.5 };
  const hash = (map: Float32Array): string => createHash('sha256').update(map).digest('hex');

  let first: Experiment;

  beforeAll(async () => {
    first = await simulateExperiment(atoms, box, soft, options);
  });

  it('gives half maps whose masked FSC falls to 0.143 at the wanted resolution', async () => {
    const resolution = resolutionAt(await fscCurve(first.half1, first.half2, box, soft), 0.143);
    expect(resolution).toBeGreaterThan(4.1);
    expect(resolution).toBeLessThan(4.9);
  });

  it('is reproduced by the seed, and its half maps carry different noise', async () => {
    const again = await simulateExperiment(atoms, box, soft, options);
    const other = await simulateExperiment(atoms, box, soft, { ...options, seed: 2 });
    expect(hash(again.half1)).toBe(hash(first.half1));
    expect(hash(again.reference)).toBe(hash(first.reference));
    expect(hash(first.half1)).not.toBe(hash(first.half2));
    expect(hash(other.half1)).not.toBe(hash(first.half1));
    expect(hash(other.truth)).toBe(hash(first.truth));
  });

  it('leaves the disordered tail out of the reference', () => {
    const tail = envelopeOf(
      atoms.filter((atom) => atom.region === 'tail' && atom.bFactor > 220),
      box,
      2,
      2,
    ).mask;
    const inTail = (map: Float32Array): number => map.reduce((sum, value, i) => sum + value * (tail[i] as number), 0);
    expect(inTail(first.reference)).toBeLessThan(0.2 * inTail(first.truth));
  });

  it('conserves the scattering of the atoms', async () => {
    const density = await simulateDensity(atoms, box);
    const expected = atoms.reduce((sum, atom) => sum + scatteringFactor(atom.element, 0), 0);
    expect(integral(density, 1.8) / expected).toBeCloseTo(1, 2);
  });

  it('makes noise that is coloured, fills the box, and has no mean to speak of', async () => {
    const noise = await colouredNoise(cubicBox(32, 1), 40, 7);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(variance).toBeGreaterThan(0.01);
    expect(variance).toBeLessThan(0.5);
    const neighbours = noise.reduce((sum, value, i) => sum + value * (noise[(i + 1) % noise.length] as number), 0);
    expect(neighbours / noise.length / variance).toBeGreaterThan(0.5);
  });
});
