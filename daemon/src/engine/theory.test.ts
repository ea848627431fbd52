import { describe, expect, it } from 'vitest';
import { defaultTheoreticalProfile, theoreticalCurve, theoreticalProfile, theoreticalProfileNames } from './theory.js';

describe('theoretical profiles', () => {
  it('take LocScale’s curve unless told otherwise', () => {
    expect(defaultTheoreticalProfile).toBe('locscale-helix');
    // First, 100th and last number of the published table.
    const { amplitudes } = theoreticalCurve('locscale-helix');
    expect([amplitudes[0], amplitudes[99], amplitudes[255]]).toEqual([
      40376.20479383976, 369.83482125946784, 189.5822836332529,
    ]);
  });

  it.each(theoreticalProfileNames)('%s begins at 128 Å and reaches 1 Å in 255 steps at least, all above 0', (name) => {
    const { first, last, amplitudes } = theoreticalCurve(name);
    const step = (1 - 1 / 128) / 255;
    expect(first).toBe(1 / 128);
    expect(last).toBeCloseTo(first + (amplitudes.length - 1) * step, 12);
    expect(last).toBeGreaterThanOrEqual(1);
    expect(amplitudes.every((amplitude) => Number.isFinite(amplitude) && amplitude > 0)).toBe(true);
  });

  it.each(theoreticalProfileNames)('%s suits every window from coarse to fine voxels', (name) => {
    for (const voxelSize of [0.3, 0.5, 0.83, 1.2, 3, 5]) {
      const windowSize = 2 * Math.round(12.5 / voxelSize);
      const profile = theoreticalProfile(name, windowSize, voxelSize);
      expect(profile).toHaveLength(windowSize / 2 + 1);
      expect(profile.every((amplitude) => amplitude > 0)).toBe(true);
    }
  });

  it('gives the curve’s own numbers at its own frequencies', () => {
    // Bins of 1/128 1/Å, of which the first is the first point, the 128th the published curve's last.
    const profile = theoreticalProfile('locscale-helix', 256, 0.5);
    const { amplitudes } = theoreticalCurve('locscale-helix');
    expect(profile[1]).toBeCloseTo(amplitudes[0] as number, 8);
    expect(profile[128]).toBeCloseTo(amplitudes[255] as number, 8);
  });

  it('goes on in a straight line beyond both ends', () => {
    const { first, last, amplitudes } = theoreticalCurve('locscale-helix');
    const step = (last - first) / 255;
    // Windows of 20 Å, 0.4 Å voxels: bin 0 lies two steps before the curve, bin 25 (1.25 1/Å) beyond it.
    const profile = theoreticalProfile('locscale-helix', 50, 0.4);
    const line = (i: number, f: number): number => {
      const [low, high] = amplitudes.slice(i, i + 2) as [number, number];
      return low + ((high - low) / step) * (f - first - i * step);
    };
    expect(profile[0]).toBeCloseTo(line(0, 0), 9);
    expect(profile[25]).toBeCloseTo(line(254, 1.25), 9);
  });
});
