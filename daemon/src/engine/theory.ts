import { readFileSync } from 'node:fs';

/** Where a profile comes from: LocScale's own numbers, or what `theory/` derives (docs/theoretical-profile.md). */
const dataFiles = {
  'locscale-helix': 'locscale-2.3.1.json',
  helix: 'derived.json',
  sheet: 'derived.json',
  mixed: 'derived.json',
  rna: 'derived.json',
  dna: 'derived.json',
} as const;

export type TheoreticalProfileName = keyof typeof dataFiles;

/** All profiles, LocScale's own first. */
export const theoreticalProfileNames = Object.keys(dataFiles) as readonly TheoreticalProfileName[];

/** The profile that LocScale 2.3.1 takes for every structure; results equal LocScale's with this one only. */
export const defaultTheoreticalProfile: TheoreticalProfileName = 'locscale-helix';

/** A profile as the data files hold it: amplitudes of any scale at equal steps of frequency. */
export interface TheoreticalCurve {
  /** 1/Å. */
  readonly first: number;
  readonly last: number;
  readonly amplitudes: readonly number[];
}

interface DataFile {
  readonly frequencies: { readonly first: number; readonly last: number };
  readonly profiles: Readonly<Record<string, { readonly amplitudes: readonly number[] }>>;
}

const folder = new URL('../../data/theoretical-profiles/', import.meta.url);
const curves = new Map<TheoreticalProfileName, TheoreticalCurve>();

/** The curve itself, read once. */
export function theoreticalCurve(name: TheoreticalProfileName): TheoreticalCurve {
  const known = curves.get(name);
  if (known !== undefined) return known;
  const data = JSON.parse(readFileSync(new URL(dataFiles[name], folder), 'utf8')) as DataFile;
  const profile = data.profiles[name];
  if (profile === undefined) throw new Error(`${dataFiles[name]} holds no profile ${name}.`);
  const curve = { first: data.frequencies.first, last: data.frequencies.last, amplitudes: profile.amplitudes };
  curves.set(name, curve);
  return curve;
}

/**
 * The profile in the bins of a scaling window, as the theoretical form takes it: amplitudes at r / (windowSize · voxelSize),
 * r = 0 … windowSize / 2. Linear between the curve's points and beyond its ends, as LocScale does it; bin 0 always lies
 * before the first point.
 * @param windowSize edge of the window in voxels, even
 * @param voxelSize Å
 */
export function theoreticalProfile(name: TheoreticalProfileName, windowSize: number, voxelSize: number): Float64Array {
  const { first, last, amplitudes } = theoreticalCurve(name);
  const intervals = amplitudes.length - 1;
  const step = (last - first) / intervals;
  return Float64Array.from({ length: windowSize / 2 + 1 }, (_, r) => {
    const at = (r / (windowSize * voxelSize) - first) / step;
    const left = Math.min(Math.max(Math.floor(at), 0), intervals - 1);
    const [low, high] = amplitudes.slice(left, left + 2) as [number, number];
    return low + (high - low) * (at - left);
  });
}
