import type { Grid } from '@chimerax-like/rpc';
import { type AuditedWindow, auditWindows as kernel, type ProfileKind, type ScalingForm } from '@locscale/native';
import { auditLimit, auditSample } from '../audit-sample.js';
import { inChunks } from '../chunks.js';
import type { Step, StepContext } from '../context.js';
import type { EdgeFill } from './edge-fill.js';

/** What was scaled, and what came out. */
export interface AuditInput {
  readonly map: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: Grid['shape'];
  /** Å. */
  readonly voxelSize: number;
  readonly windowSize: number;
  readonly fill: EdgeFill | null;
  readonly form: ScalingForm;
  /** Local resolution in Å at which the scaling of each voxel ended. */
  readonly localCutoff?: Float32Array | undefined;
  readonly profile: ProfileKind;
  /** Of the merged profile, 1/Å; nothing else depends on it. */
  readonly smoothFactor: number;
  /** Share of the mask's voxels to audit. */
  readonly share: number;
  readonly seed: number;
  /** Results of `scaleWindows`; B-factors and qualities where it measured them. */
  readonly scaled: Float32Array;
  readonly bfactors?: Float32Array | undefined;
  readonly qualities?: Float32Array | undefined;
  readonly threads: number | undefined;
}

/** How far the scaled map is from the audited windows. */
export interface AuditAgreement {
  readonly voxels: number;
  /** Of the scaled map over the mask, in its own unit. */
  readonly standardDeviation: number;
  /** Difference of the values over that standard deviation: the largest, where it is (z, y, x), and root mean square. */
  readonly largest: number;
  readonly largestAt: AuditedWindow['voxel'] | null;
  readonly rms: number;
  /** Å², and R²; null where nothing was fitted. */
  readonly largestBfactor: number | null;
  readonly largestQuality: number | null;
}

export interface Audit {
  readonly windows: readonly AuditedWindow[];
  readonly maskVoxels: number;
  readonly agreement: AuditAgreement;
}

/**
 * Largest difference over the standard deviation that passes without a word. Rounding in single precision leaves 10⁻⁶ to 10⁻⁵, so ten
 * times that is no rounding; and a step of an eight-bit picture is forty times larger, so nobody sees what passes.
 */
export const auditTolerance = 1e-4;

/** Scales a sample of the mask's voxels again, window by window in double precision, and compares. */
export const auditWindows: Step<AuditInput, Audit> = { name: 'auditWindows', version: 1, run: audit };

/** The step itself, which needs no more of its surroundings than this. */
export async function audit(
  input: AuditInput,
  { signal, report, warn }: Pick<StepContext, 'signal' | 'report' | 'warn'>,
): Promise<Audit> {
  const { map, shape, voxelSize, windowSize, fill, profile, smoothFactor, share, seed, threads, localCutoff } = input;
  const limits = { share, seed, most: auditLimit(windowSize) };
  const voxels = await auditSample(input.mask, shape, limits, signal);
  const windows = await kernel(
    {
      ...input.form,
      ...{ map, shape, windowSize, voxels, profile, smoothFactor },
      ...(fill === null ? {} : { fill }),
      ...(localCutoff === undefined ? {} : { cutoff: { resolution: localCutoff, voxelSize } }),
    },
    { signal, threads, onProgress: (fraction) => report(fraction) },
  );
  const { maskVoxels, ...spread } = await spreadOverMask(input, signal);
  const agreement = compare(windows, input, spread);
  if (!(agreement.largest < auditTolerance)) warn({ kind: 'audit.differs', message: differenceMessage(agreement) });
  return { windows, maskVoxels, agreement };
}

interface Spread {
  readonly standardDeviation: number;
  /** About 0. */
  readonly rms: number;
}

async function spreadOverMask(
  { scaled, mask }: AuditInput,
  signal: AbortSignal,
): Promise<Spread & { readonly maskVoxels: number }> {
  let count = 0;
  let sum = 0;
  let squares = 0;
  await inChunks(mask.length, signal, 1, (first, end) => {
    for (let i = first; i < end; i++) {
      if (mask[i] === 0) continue;
      const value = scaled[i] as number;
      count++;
      sum += value;
      squares += value * value;
    }
  });
  const mean = count === 0 ? 0 : sum / count;
  const power = count === 0 ? 0 : squares / count;
  return { maskVoxels: count, standardDeviation: Math.sqrt(Math.max(0, power - mean * mean)), rms: Math.sqrt(power) };
}

function compare(windows: readonly AuditedWindow[], input: AuditInput, spread: Spread): AuditAgreement {
  const { scaled, bfactors, qualities, shape } = input;
  const audited = Math.max(...windows.map(({ value }) => Math.abs(value)), 0);
  // A map of one value has no standard deviation, one of zeros no size: then the values themselves are the unit.
  const unit = [spread.standardDeviation, spread.rms, audited].find((size) => size > 0) ?? 1;
  const worst = { value: 0, bfactor: 0, quality: 0 };
  let largestAt: AuditedWindow['voxel'] | null = null;
  let squares = 0;
  for (const { voxel, value, fit } of windows) {
    const at = (voxel[0] * shape[1] + voxel[1]) * shape[2] + voxel[2];
    const difference = Math.abs((scaled[at] ?? NaN) - value) / unit;
    squares += difference ** 2;
    // Written so that NaN counts as the largest.
    if (!(difference <= worst.value)) {
      worst.value = difference;
      largestAt = voxel;
    }
    worst.bfactor = Math.max(worst.bfactor, Math.abs((bfactors?.[at] ?? 0) - (fit?.bfactor ?? 0)));
    worst.quality = Math.max(worst.quality, Math.abs((qualities?.[at] ?? 0) - (fit?.quality ?? 0)));
  }
  return {
    voxels: windows.length,
    standardDeviation: spread.standardDeviation,
    largest: worst.value,
    largestAt,
    rms: windows.length === 0 ? 0 : Math.sqrt(squares / windows.length),
    largestBfactor: bfactors === undefined ? null : worst.bfactor,
    largestQuality: qualities === undefined ? null : worst.quality,
  };
}

function differenceMessage({ voxels, largest, largestAt, rms }: AuditAgreement): string {
  return (
    `The scaled map differs from the audit of ${voxels} of its voxels by up to ${largest.toExponential(1)} of its standard deviation ` +
    `(rms ${rms.toExponential(1)}, largest at z, y, x = ${largestAt?.join(', ') ?? 'nowhere'}), where rounding leaves less than ` +
    `${auditTolerance.toExponential(0)}; look at these voxels in the audit file before you interpret the map there.`
  );
}
