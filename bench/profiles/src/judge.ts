import { fourierShellCorrelation, shellFrequencies } from '@locscale/native';
import { correlation } from '../../../demo/dist/analysis/correlation.js';
import type { Experiment } from './experiment.js';

/** How near a scaled map is to the truth. All but `better` are correlations: 1 is the truth. */
export interface Closeness {
  /** Over all voxels within 3 Å of an atom. */
  readonly correlation: number;
  /** Mean FSC against the truth inside the soft mask, from 10 Å to the resolution. */
  readonly fsc: number;
  /** Correlations in cubes of 11 Å around judged voxels: every `stride`-th, in C order. */
  readonly local: Float64Array;
}

const cubeEdge = 11;
const stride = 23;
const lowestResolution = 10;

/** Correlation with the truth in the cube around each of the voxels. */
const localCorrelations = (map: Float32Array, { truth, box, judged }: Experiment): Float64Array => {
  const [, ny, nx] = box.shape;
  const half = Math.round((cubeEdge / box.voxelSize - 1) / 2);
  const found: number[] = [];
  let seen = 0;
  judged.forEach((inside, centre) => {
    if (inside === 0 || seen++ % stride !== 0) return;
    let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
    for (let z = -half; z <= half; z++)
      for (let y = -half; y <= half; y++)
        for (let x = -half; x <= half; x++) {
          const i = centre + (z * ny + y) * nx + x;
          if (judged[i] !== 1) continue;
          const [a, b] = [map[i] as number, truth[i] as number];
          n += 1;
          sa += a;
          sb += b;
          saa += a * a;
          sbb += b * b;
          sab += a * b;
        }
    found.push((sab - (sa * sb) / n) / Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n)));
  });
  return Float64Array.from(found);
};

const meanFsc = async (map: Float32Array, { truth, box, soft, resolution }: Experiment): Promise<number> => {
  const masked = (a: Float32Array): Float32Array => a.map((v, i) => v * (soft[i] ?? 0));
  const fsc = await fourierShellCorrelation(masked(map), masked(truth), box.shape);
  const frequency = shellFrequencies(box.shape, box.voxelSize);
  const counted = fsc.filter((_, i) => {
    const f = frequency[i] ?? 0;
    return f >= 1 / lowestResolution && f <= 1 / resolution;
  });
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
};

export const judge = async (map: Float32Array, experiment: Experiment): Promise<Closeness> => ({
  correlation: correlation(map, experiment.truth, experiment.judged),
  fsc: await meanFsc(map, experiment),
  local: localCorrelations(map, experiment),
});

/** Value below which `share` of the values lie. */
export const quantile = (values: Float64Array, share: number): number => {
  const sorted = values.slice().sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
};

/** Root mean square difference of two maps over the mask, relative to the first one's root mean square there. */
export const relativeDifference = (a: Float32Array, b: Float32Array, mask: Uint8Array): number => {
  let [difference, power] = [0, 0];
  mask.forEach((inside, i) => {
    if (inside === 0) return;
    difference += ((a[i] as number) - (b[i] as number)) ** 2;
    power += (a[i] as number) ** 2;
  });
  return Math.sqrt(difference / power);
};
