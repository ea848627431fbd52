import type { Grid } from '@chimerax-like/rpc';
import { type Device, type Manifest, MapNetwork, readGraph } from '../../networks/index.js';
import type { Step } from '../context.js';
import { cubeGrid, type Triple } from '../segmentation/cubes.js';
import { predictBox } from '../segmentation/predict.js';
import { standardise } from '../segmentation/standardise.js';
import { WorkingGrid } from '../segmentation/working-grid.js';

type Segmenter = Manifest & { readonly segmentation: NonNullable<Manifest['segmentation']> };

export interface SegmentInput {
  readonly map: Float32Array;
  readonly grid: Grid;
  /** Where to look; voxels of at least 0.5. */
  readonly mask?: Float32Array | undefined;
  /** SHA-256 of the graph, which stands for all of the network. */
  readonly network: string;
  readonly stride: number;
  readonly manifest: Segmenter;
  readonly graphPath: string;
  readonly device: Device;
  readonly gpuIds?: readonly number[] | undefined;
  readonly batch?: number | undefined;
  readonly threads?: number | undefined;
}

/** Cubes in one call of a graphics processor; processors gain nothing from more than one. */
const gpuBatch = 8;

/**
 * Probability of each voxel to be detergent, nanodisc or membrane, on the grid of the map: resample, standardise, predict cubes, average, resample
 * back. Splines overshoot a little, so the result is cut at 0 and 1.
 */
export const segmentContext: Step<SegmentInput, Float32Array> = {
  name: 'segmentContext',
  version: 1,
  keep: 'whole',
  unkeyed: ['manifest', 'graphPath', 'device', 'gpuIds', 'batch', 'threads'],
  run: async (input, { signal, report }) => {
    const { map, grid, mask, manifest, stride, device, gpuIds, threads } = input;
    const { segmentation } = manifest;
    const working = new WorkingGrid(grid, segmentation);
    const { voxels, outside } = await standardise(await working.fromMap(map, signal), working.shape, signal);
    const cubes = cubeGrid(working.shape, manifest.input.slice(1) as unknown as Triple, stride);
    const settings = { cube: cubes.cube, sampling: null, device, gpuIds, threads };
    const file = await readGraph({ manifest, path: input.graphPath });
    const network = await MapNetwork.open(file, manifest, settings);
    const stop = (): void => void network.close();
    signal.addEventListener('abort', stop);
    try {
      const found = await predictBox({
        voxels,
        outside,
        grid: cubes,
        mask: mask === undefined ? null : await working.maskFromMap(mask, signal),
        logits: segmentation.output === 'logit',
        batch: input.batch ?? (network.provider === 'cpu' ? 1 : gpuBatch),
        lanes: network.lanes,
        predict: async (batch, count) => {
          const { mean } = await network.predict(
            batch,
            Array.from({ length: count }, (_, at) => at),
          );
          return mean;
        },
        signal,
        report,
      });
      const back = await working.toMap(found, signal);
      // The spline's tails never end; what is below rounding is 0.
      return back.map((value) => (value < 1e-6 ? 0 : Math.min(1, value)));
    } finally {
      signal.removeEventListener('abort', stop);
      await network.close();
    }
  },
};
