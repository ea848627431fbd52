import type { Grid } from '@chimerax-like/rpc';
import { applyRadialGain, cosineMask, fourierShellCorrelation, radialProfile } from '@locscale/native';
import type { MapShare } from '../../networks/index.js';
import { inChunks } from '../chunks.js';

/** Width of the mask's soft edge, and standard deviation of the Gaussian that smooths the prediction to see where density is; voxels at 1 Å. */
const [edge, smoothing] = [7, 3];
/** The share falls with this power of the correlation of map and prediction. */
const power = 4;
/** Amplitudes are raised with this inverse power of the correlation down to this one, and back to what they were below it. */
const [raising, knee] = [3, 0.92];

interface MapShareTask {
  /** 0 where the network did not look; stays 0 there. */
  readonly prediction: Float32Array;
  /** The map that the network was shown. */
  readonly standard: Float32Array;
  /** Voxels that the network was asked for. */
  readonly mask: Uint8Array;
  /** Voxels of 1 Å of all three volumes along z, y, x. */
  readonly shape: Grid['shape'];
  readonly mapShare: MapShare;
}

/**
 * A prediction with a share of the map, shell by shell of Fourier space: r ((1 − w) P + w M |P|/|M|) with w = most · FSC(P, M)⁴, |P| and |M|
 * the mean amplitudes of the shell; inside the soft-edged mask, and there where the prediction has density, so that noise and
 * belts which the network took away stay away. Where both agree their errors differ, a network's from what it expects of maps and a map's
 * from noise, so that this mean is nearer to the truth than either; elsewhere the prediction stays as it is. A mean of what is possible has
 * weaker amplitudes than any of it, the more the less is certain: r is FSC⁻³ down to FSC = 0.92, at most 1.28, then falls to 1. Networks that
 * gain by it say so in their manifest, and have their calibrator fitted behind it (`map_share.py` of the training does
 * the same; the card of `emmernet-sim` says how much it gains). Memory beyond the arrays: 32 bytes a voxel.
 */
export async function withMapShare(
  { prediction, standard, mask, shape, mapShare: { most, density } }: MapShareTask,
  options: { readonly signal: AbortSignal; readonly threads: number | undefined },
): Promise<Float32Array> {
  const soft = await cosineMask(Float32Array.from(mask), shape, edge, options);
  const gaussian = { kind: 'global-b', b: -8 * Math.PI ** 2 * smoothing ** 2 } as const;
  const smooth = await applyRadialGain(prediction, shape, gaussian, options);
  await inChunks(soft.length, options.signal, 1, (first, end) => {
    for (let i = first; i < end; i++)
      soft[i] = (soft[i] as number) * Math.min(1, Math.max(0, (smooth[i] as number) / density));
  });
  const masked = async (values: Float32Array): Promise<Float32Array> => {
    const inside = new Float32Array(values.length);
    await inChunks(values.length, options.signal, 1, (first, end) => {
      for (let i = first; i < end; i++) inside[i] = (values[i] as number) * (soft[i] as number);
    });
    return inside;
  };
  const [ours, given] = [await masked(prediction), await masked(standard)];
  const correlation = await fourierShellCorrelation(ours, given, shape, options);
  const [oursHas, givenHas] = [await radialProfile(ours, shape, options), await radialProfile(given, shape, options)];
  // Shell 0 is the mean of the box alone, which a standardised map has lost.
  const agreement = correlation.map((c, shell) => (shell === 0 ? 0 : Math.max(0, c)));
  const shares = agreement.map((c) => most * c ** power);
  const raised = agreement.map((c) => (c > knee ? c ** -raising : Math.max(1, (knee ** -raising * c) / knee)));
  const at = (values: Float64Array, shell: number): number => values[shell] as number;
  const gains = shares.map((w, shell) =>
    w === 0 ? 0 : (at(raised, shell) * w * at(oursHas, shell)) / at(givenHas, shell),
  );
  const losses = shares.map((w, shell) => 1 - at(raised, shell) * (1 - w));
  const added = await applyRadialGain(given, shape, { kind: 'shells', gains, beyond: 0 }, options);
  const taken = await applyRadialGain(ours, shape, { kind: 'shells', gains: losses, beyond: 0 }, options);
  const shared = new Float32Array(prediction.length);
  await inChunks(prediction.length, options.signal, 1, (first, end) => {
    for (let i = first; i < end; i++) {
      const own = prediction[i] as number;
      shared[i] = own === 0 ? 0 : own + (soft[i] as number) * ((added[i] as number) - (taken[i] as number));
    }
  });
  return shared;
}
