import { fourierShellCorrelation, radialProfile, shellFrequencies } from '@locscale/native';
import type { Box } from '../simulation/box.js';

/** One value per shell; `frequency` in 1/Å. */
export interface Curve {
  readonly frequency: Float64Array;
  readonly value: Float64Array;
}

const weighted = (map: Float32Array, weights: Float32Array | undefined): Float32Array =>
  weights === undefined ? map : map.map((value, i) => value * (weights[i] ?? 0));

/** Fourier shell correlation of two maps, both times the soft mask if one is given. */
export const fscCurve = async (a: Float32Array, b: Float32Array, box: Box, mask?: Float32Array): Promise<Curve> => ({
  frequency: shellFrequencies(box.shape, box.voxelSize),
  value: await fourierShellCorrelation(weighted(a, mask), weighted(b, mask), box.shape),
});

/** Mean Fourier amplitude in each shell, of the map times the soft mask if one is given. */
export const amplitudeCurve = async (map: Float32Array, box: Box, mask?: Float32Array): Promise<Curve> => ({
  frequency: shellFrequencies(box.shape, box.voxelSize),
  value: await radialProfile(weighted(map, mask), box.shape),
});

/** Resolution d (Å) at which a curve first falls below `threshold`, linear between shells; null if it never does. */
export const resolutionAt = ({ frequency, value }: Curve, threshold: number): number | null => {
  for (let i = 1; i < value.length; i++) {
    const [before, after] = [value[i - 1] as number, value[i] as number];
    if (after >= threshold || before < threshold) continue;
    const share = (before - threshold) / (before - after);
    const [f0, f1] = [frequency[i - 1] as number, frequency[i] as number];
    return 1 / (f0 + share * (f1 - f0));
  }
  return null;
};

/**
 * How far the shape of one amplitude profile is from another's: root mean square of ln(a/b) about its mean between two
 * frequencies, in natural-log units. An overall factor does not count; 0 means the same fall-off.
 */
export const profileMismatch = (a: Curve, b: Curve, low: number, high: number): number => {
  const ratios = [...a.value].flatMap((value, i) => {
    const f = a.frequency[i] as number;
    const other = b.value[i] as number;
    return f >= low && f <= high && value > 0 && other > 0 ? [Math.log(value / other)] : [];
  });
  const mean = ratios.reduce((sum, r) => sum + r, 0) / ratios.length;
  return Math.sqrt(ratios.reduce((sum, r) => sum + (r - mean) ** 2, 0) / ratios.length);
};
