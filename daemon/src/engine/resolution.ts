/** Which rules a number follows: ours, or those of LocScale 2.3.1 where it differs (`--compat locscale-2.3`). */
export type Compatibility = 'none' | 'locscale-2.3';

/**
 * Frequencies of the shells r = 0 … count - 1 of a box whose longest edge has `edge` voxels, 1/Å. Shell r holds the coefficients
 * from r/(n a) to (r+1)/(n a), so it stands for the middle of the two; taking its lower edge would report a resolution that is
 * worse by half a shell (up to 2.6 % on maps whose FSC is known). Shell 0 is the mean of the map, at frequency 0.
 * LocScale lays its shells evenly from 0 to Nyquist, which stretches the axis of lower edges by n/(n-2) (scaling.md 5).
 */
export function shellAxis(edge: number, voxelSize: number, compatibility: Compatibility): Float64Array {
  const count = Math.floor(edge / 2);
  const axis = new Float64Array(count);
  // LocScale reads the voxel size as float32.
  const nyquist = 1 / (2 * Math.fround(voxelSize));
  for (let r = 1; r < count; r++)
    axis[r] = compatibility === 'none' ? (r + 0.5) / (edge * voxelSize) : (nyquist * r) / (count - 1);
  return axis;
}

/**
 * Resolution in Å at which an FSC curve first falls below a threshold, interpolated linearly between the two shells; null
 * when it never does.
 */
export function firstCrossing(curve: ArrayLike<number>, axis: ArrayLike<number>, threshold: number): number | null {
  for (let r = 1; r < curve.length; r++) {
    const [before, here] = [curve[r - 1] as number, curve[r] as number];
    if (here >= threshold) continue;
    // Below from the first shell on: there is no frequency at which it crosses.
    if (before < threshold) return null;
    const [low, high] = [axis[r - 1] as number, axis[r] as number];
    return 1 / (low + ((before - threshold) / (before - here)) * (high - low));
  }
  return null;
}

/**
 * LocScale's rule: the frequency as a function of the FSC, interpolated linearly between the two shells whose FSC values lie
 * next to the threshold, wherever they are on the curve; rounded to 0.1 Å. Null where LocScale fails, outside the curve's range.
 */
export function sortedCrossing(curve: ArrayLike<number>, axis: ArrayLike<number>, threshold: number): number | null {
  const pairs = Array.from(curve, (fsc, r) => ({ fsc, frequency: axis[r] as number })).sort((a, b) => a.fsc - b.fsc);
  const upper = pairs.findIndex(({ fsc }) => fsc >= threshold);
  const [low, high] = [pairs[Math.max(0, upper - 1)], pairs[upper]];
  if (low === undefined || high === undefined || (upper === 0 && high.fsc !== threshold)) return null;
  const share = high.fsc === low.fsc ? 0 : (threshold - low.fsc) / (high.fsc - low.fsc);
  return Math.round(10 / (low.frequency + share * (high.frequency - low.frequency))) / 10;
}

export function crossing(
  curve: ArrayLike<number>,
  axis: ArrayLike<number>,
  threshold: number,
  compatibility: Compatibility,
): number | null {
  return compatibility === 'none' ? firstCrossing(curve, axis, threshold) : sortedCrossing(curve, axis, threshold);
}
