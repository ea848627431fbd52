import { describe, expect, it } from 'vitest';
import { createRandom } from '../../demo/dist/random.js';
import { frequencyAxis, hemisphere, sphericalAmplitudes } from '../../theory/dist/amplitudes.js';
import { debyeRms } from '../../theory/dist/debye.js';
import { factorsAt, type Scatterer } from '../../theory/dist/scattering.js';
import { simulatedStructures } from '../../theory/dist/simulated.js';
import { compareShapes, describeShape } from '../../theory/dist/shape.js';

const axis = frequencyAxis();
const relative = (found: Float64Array, expected: Float64Array): Float64Array =>
  found.map((value, i) => value / (expected[i] as number) - 1);
const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('the axis', () => {
  it('is the published one for 256 points and goes on in the same steps', () => {
    expect(axis[0]).toBe(1 / 128);
    expect(axis[255]).toBe(1);
    expect(axis).toHaveLength(511);
    expect(axis[510]).toBeCloseTo(2 - 1 / 128, 12);
    expect([...frequencyAxis(17)]).toEqual(Array.from({ length: 31 }, (_, i) => axis[17 * i]));
  });
});

describe('averages over directions', () => {
  const directions = hemisphere(200);

  it('of one atom are its scattering factor, wherever it stands', () => {
    const { mean, rms: root } = sphericalAmplitudes([{ element: 'P', position: [7, -3, 11] }], axis, directions);
    const factors = factorsAt('P', axis);
    expect(Math.max(...relative(mean, factors).map(Math.abs))).toBeLessThan(1e-11);
    expect(Math.max(...relative(root, factors).map(Math.abs))).toBeLessThan(1e-11);
  });

  it('of two atoms obey 2 f² (1 + sin x / x), by rays and by the Debye formula', () => {
    const pair: Scatterer[] = [
      { element: 'C', position: [1, 2, 3] },
      { element: 'C', position: [1.9, 2.7, 2.2] },
    ];
    const apart = Math.sqrt(0.9 ** 2 + 0.7 ** 2 + 0.8 ** 2);
    const exact = factorsAt('C', axis).map((f, i) => {
      const x = 2 * Math.PI * (axis[i] as number) * apart;
      return f * Math.sqrt(2 * (1 + Math.sin(x) / x));
    });
    const byRays = sphericalAmplitudes(pair, axis, hemisphere(20000)).rms;
    expect(Math.max(...relative(byRays, exact).map(Math.abs))).toBeLessThan(1e-4);
    expect(Math.max(...relative(debyeRms(pair, axis), exact).map(Math.abs))).toBeLessThan(1e-4);
  });

  it('of a protein agree with the Debye formula as far as 200 directions go', () => {
    // Directions are independent where the structure is larger than their distance, so that the root mean square of
    // exponentially distributed intensities is off by 1/(2 √200) = 3.5 %.
    const [atoms] = simulatedStructures('sheet', 1);
    expect(atoms?.length).toBeGreaterThan(600);
    const frequencies = frequencyAxis(3);
    const off = relative(
      sphericalAmplitudes(atoms ?? [], frequencies, directions).rms,
      debyeRms(atoms ?? [], frequencies),
    );
    expect(rms(off)).toBeLessThan(0.045);
    expect(Math.abs(off.reduce((sum, value) => sum + value, 0) / off.length)).toBeLessThan(0.01);
    // Below 1/40 1/Å F hardly changes from one direction to the next, and the average is exact.
    expect(Math.max(...off.subarray(0, 3).map(Math.abs))).toBeLessThan(0.003);
  });

  it('of a random gas stand to each other as in acentric statistics: mean = √π/2 rms', () => {
    const random = createRandom(3);
    const gas = Array.from({ length: 300 }, (): Scatterer => ({
      element: 'C',
      position: [40 * random.uniform(), 40 * random.uniform(), 40 * random.uniform()],
    }));
    const { mean, rms: root } = sphericalAmplitudes(gas, axis, directions);
    const ratio = mean.subarray(50).reduce((sum, value, i) => sum + value / (root[i + 50] as number), 0) / (511 - 50);
    expect(ratio).toBeCloseTo(Math.sqrt(Math.PI) / 2, 2);
  });
});

describe('the comparison of shapes', () => {
  const bumpy = axis.map((f) => 900 * Math.exp(-5 * f * f + 0.2 * Math.exp(-(((f - 0.2) / 0.02) ** 2))));

  it('sees neither scale nor B', () => {
    const other = bumpy.map((a, i) => 3e-3 * a * Math.exp(-12 * (axis[i] as number) ** 2));
    const { rms: difference, correlation } = compareShapes(bumpy, other, axis);
    expect(difference).toBeLessThan(1e-7);
    expect(correlation).toBeCloseTo(1, 12);
  });

  it('finds B and the peak that were put in', () => {
    const { wilsonB, peak } = describeShape(bumpy, axis);
    expect(wilsonB).toBeGreaterThan(18);
    expect(wilsonB).toBeLessThan(22.5);
    expect(peak.resolution).toBeCloseTo(5, 0);
    expect(peak.height).toBeCloseTo(0.17, 1);
  });

  it('tells a straight Wilson plot from one with a peak', () => {
    const straight = axis.map((f) => Math.exp(-5 * f * f));
    expect(describeShape(straight, axis).wilsonB).toBeCloseTo(20, 9);
    expect(compareShapes(bumpy, straight, axis).rms).toBeGreaterThan(0.03);
  });
});
