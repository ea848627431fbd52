import { fft3, inverseFft3, type Shape } from '@locscale/native';
import { seededRandom } from '../data/random.js';

/** How the band limit changes from place to place. */
export type Layout =
  /** From `fine` to `coarse` and back along x, one smooth wave over the box. */
  | 'wave'
  /** `fine` in the half of low x, `coarse` in the other, nothing between. */
  | 'step';

export interface Simulated {
  readonly shape: Shape;
  readonly voxelSize: number;
  readonly half1: Float32Array;
  readonly half2: Float32Array;
  /** Resolution in Å at which the true local FSC is `threshold`, for each plane of constant x. */
  readonly truth: (threshold: number) => Float64Array;
}

/** Å: the box's voxel size, and where the FSC of the finest and coarsest part is 0.5. */
const voxelSize = 1.2;
const fine = 3.2;
const coarse = 6.4;
/** Width of the FSC's fall, a logistic curve of frequency, as a share of its middle. */
const fall = 0.06;
/** Fall-off of the whole map, signal and noise, as a B-factor in Å². */
const bFactor = 100;
/** The FSC stays below this, as noise never vanishes. */
const highestFsc = 0.9995;

/** Signal amplitude over noise amplitude where the band limit is `resolution`: FSC = g² / (1 + g²). */
function signalToNoise(frequency: number, resolution: number): number {
  const middle = 1 / resolution;
  const fsc = Math.min(highestFsc, 1 / (1 + Math.exp((frequency - middle) / (fall * middle))));
  return Math.sqrt(fsc / (1 - fsc));
}

/** Share of the coarse part at each plane of constant x. */
const coarseShare = (layout: Layout, edge: number): Float64Array =>
  Float64Array.from({ length: edge }, (_, x) =>
    layout === 'step' ? Number(x >= edge / 2) : (1 - Math.cos((2 * Math.PI * x) / edge)) / 2,
  );

/** Where the FSC of a mixture of both parts falls to `threshold`, by halving an interval of frequencies. */
function crossing(share: number, threshold: number): number {
  let [low, high] = [1 / 20, 1 / (2 * voxelSize)];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const gain = (1 - share) * signalToNoise(middle, fine) + share * signalToNoise(middle, coarse);
    if (gain ** 2 / (1 + gain ** 2) > threshold) low = middle;
    else high = middle;
  }
  return 1 / low;
}

/**
 * Two half maps whose local FSC is known: white noise in Fourier space, the same in both, filtered to a fine and to a coarse band, mixed
 * from place to place, and noise of each half's own. Where the mixture changes slowly the local amplitude is the mixture of both gains.
 */
export async function simulate(edge: number, layout: Layout, seed = 11): Promise<Simulated> {
  const shape: Shape = [edge, edge, edge];
  const random = seededRandom(seed);
  const white = async (): Promise<Float32Array> =>
    fft3(
      Float32Array.from({ length: edge ** 3 }, () => random.normal()),
      shape,
    );
  const signed = (k: number): number => (2 * k <= edge ? k : k - edge);
  const filtered = async (spectrum: Float32Array, gain: (frequency: number) => number): Promise<Float32Array> => {
    const steps = 8192;
    const table = Float64Array.from({ length: steps }, (_, i) => gain(i / steps / voxelSize));
    const out = new Float32Array(spectrum.length);
    const columns = edge / 2 + 1;
    for (let row = 0; row < edge * edge; row++) {
      const squares = signed(Math.floor(row / edge)) ** 2 + signed(row % edge) ** 2;
      for (let x = 0; x < columns; x++) {
        const frequency = Math.sqrt(squares + x * x) / edge;
        const g =
          (table[Math.round(frequency * steps)] as number) * Math.exp((-bFactor * (frequency / voxelSize) ** 2) / 4);
        const i = 2 * (row * columns + x);
        out[i] = (spectrum[i] as number) * g;
        out[i + 1] = (spectrum[i + 1] as number) * g;
      }
    }
    return inverseFft3(out, shape);
  };
  const signal = await white();
  const [sharp, blunt] = [
    await filtered(signal, (f) => signalToNoise(f, fine)),
    await filtered(signal, (f) => signalToNoise(f, coarse)),
  ];
  const share = coarseShare(layout, edge);
  const half = async (): Promise<Float32Array> => {
    const noise = await filtered(await white(), () => 1);
    return noise.map((value, i) => {
      const s = share[i % edge] as number;
      return value + (1 - s) * (sharp[i] as number) + s * (blunt[i] as number);
    });
  };
  const half1 = await half();
  const half2 = await half();
  return { shape, voxelSize, half1, half2, truth: (threshold) => share.map((s) => crossing(s, threshold)) };
}
