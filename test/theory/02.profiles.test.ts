import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { theoreticalCurve, type TheoreticalProfileName } from '../../daemon/dist/engine/theory.js';
import { frequencyAxis, publishedPoints } from '../../theory/dist/amplitudes.js';
import { deriveSmallPart, type DerivedProfile, smallPart } from '../../theory/dist/derive.js';
import { compareShapes, describeShape, wilsonDeviation } from '../../theory/dist/shape.js';
import { type SimulatedClass, simulatedClasses } from '../../theory/dist/simulated.js';

const axis = frequencyAxis();
const frequencies = axis.subarray(0, publishedPoints);
const amplitudes = (name: TheoreticalProfileName): readonly number[] => theoreticalCurve(name).amplitudes;
const published = amplitudes('locscale-helix');

/** Mean over a range of resolutions (Å). */
const meanBetween = (values: ArrayLike<number>, low: number, high: number): number => {
  const bins = [...frequencies.keys()].filter(
    (i) => (frequencies[i] as number) >= 1 / low && (frequencies[i] as number) <= 1 / high,
  );
  return bins.reduce((sum, i) => sum + (values[i] as number), 0) / bins.length;
};
const deviation = (name: TheoreticalProfileName): Float64Array => wilsonDeviation(amplitudes(name), frequencies, 10, 2);

const file = new URL('../../daemon/data/theoretical-profiles/derived.json', import.meta.url);
const data = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly source: string;
  readonly profiles: Readonly<Record<string, DerivedProfile>>;
};

describe('the data of the derived profiles', () => {
  it.each(simulatedClasses)('%s: a small part of the derivation comes out again', (name: SimulatedClass) => {
    const again = deriveSmallPart(name);
    const kept = data.profiles[name]?.check ?? [];
    expect(again).toHaveLength(31);
    expect(kept).toHaveLength(31);
    again.forEach((value, i) => {
      expect(value / (kept[i] as number)).toBeCloseTo(1, 5);
    });
    // The average of all differs from that of two by what the two have of their own.
    const all = data.profiles[name]?.amplitudes.filter((_, i) => i % smallPart.every === 0) ?? [];
    const ratios = again.slice(3).map((value, i) => value / (all[i + 3] as number));
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeCloseTo(1, 1);
    expect(again).not.toEqual(all);
  });

  it('say where they come from', () => {
    expect(data.source).toContain('docs/theoretical-profile.md');
    for (const name of simulatedClasses) expect(data.profiles[name]?.structures).toMatch(/^24 simulated/);
    for (const name of ['rna', 'dna']) {
      expect(data.profiles[name]?.structures).toMatch(/deposited/);
      expect(data.profiles[name]?.entries?.length).toBeGreaterThan(5);
    }
  });
});

describe('the derived profiles', () => {
  it.each(['helix', 'sheet', 'mixed', 'rna', 'dna'] as const)('%s falls as atoms at rest do', (name) => {
    // The scattering factors of C, N and O alone give about 17 Å² between 10 and 2 Å.
    const { wilsonB } = describeShape(amplitudes(name), frequencies);
    expect(wilsonB).toBeGreaterThan(16);
    expect(wilsonB).toBeLessThan(22);
  });

  it.each(simulatedClasses)('%s falls steadily beyond 2 Å, in bins of 0.1 1/Å', (name) => {
    const means = Array.from({ length: 15 }, (_, k) => {
      const bins = [...axis.keys()].filter((i) => Math.floor((axis[i] as number) * 10) === k + 5);
      return bins.reduce((sum, i) => sum + (amplitudes(name)[i] as number), 0) / bins.length;
    });
    means.slice(1).forEach((mean, k) => {
      // The bonds (1.2 to 1.5 Å) make a shoulder at 0.8 1/Å.
      expect(mean).toBeLessThan((means[k] as number) * 1.01);
    });
    expect(means.at(-1)).toBeLessThan((means[0] as number) / 5);
  });

  it('repeats of secondary structure stand out: 10 Å for packed helices, 4.5 to 5.3 Å for all proteins', () => {
    for (const name of simulatedClasses) {
      const { peak } = describeShape(amplitudes(name), frequencies);
      expect(peak.resolution, name).toBeGreaterThan(4.4);
      expect(peak.resolution, name).toBeLessThan(5.3);
      expect(peak.height, name).toBeGreaterThan(0.05);
    }
    const height = (name: SimulatedClass): number => describeShape(amplitudes(name), frequencies).peak.height;
    // Strands 4.8 Å apart scatter there most strongly; a layer of them among helices less.
    expect(height('sheet')).toBeGreaterThan(1.3 * height('mixed'));
    expect(height('mixed')).toBeGreaterThan(1.1 * height('helix'));
    expect(meanBetween(deviation('helix'), 9.7, 8.3)).toBeGreaterThan(meanBetween(deviation('sheet'), 9.7, 8.3) + 0.04);
    // Between the two, a trough.
    expect(meanBetween(deviation('helix'), 6.8, 6)).toBeLessThan(-0.03);
  });

  it('helix has the shape of the published curve, nearer to it than sheet', () => {
    const helix = compareShapes(amplitudes('helix'), published, frequencies);
    expect(helix.rms).toBeLessThan(0.03);
    expect(helix.correlation).toBeGreaterThan(0.97);
    expect(compareShapes(amplitudes('sheet'), published, frequencies).rms).toBeGreaterThan(1.5 * helix.rms);
    const b = (curve: readonly number[]): number => describeShape(curve, frequencies).wilsonB;
    expect(Math.abs(b(amplitudes('helix')) - b(published))).toBeLessThan(0.7);
  });
});
