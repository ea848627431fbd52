import { type Grid, LocScaleError } from '@chimerax-like/rpc';
import {
  type Blending,
  cropped,
  cubeGrid,
  type Device,
  type FoundNetwork,
  isWanted,
  MapNetwork,
  type MapShare,
  padded,
  predictCubes,
  readGraph,
  type Sampled,
  turningCubes,
} from '../../networks/index.js';
import type { Step } from '../context.js';
import type { Compatibility } from '../resolution.js';
import { throwIfCancelled } from '../runner.js';
import { withMapShare } from './map-share.js';
import { networkMask, networkShape, standardise, zoom } from './network-grid.js';

export interface PredictInput {
  readonly map: Float32Array;
  /** Cubes without enough of it are left out. */
  readonly mask: Uint8Array;
  readonly grid: Grid;
  /** SHA-256 of the network's graph, which stands for it in the key. */
  readonly network: string;
  readonly found: FoundNetwork;
  readonly cubeSize: number;
  /** Distance of two cubes, voxels at 1 Å. */
  readonly stride: number;
  readonly blending: Blending;
  /** Monte Carlo passes; null: one pass without chance. */
  readonly sampling: { readonly passes: number; readonly seed: number } | null;
  /** As the network's manifest has it. */
  readonly mapShare: MapShare | null;
  readonly compatibility: Compatibility;
  /** Cubes in one call of the network; default: 1 on processors, 8 on graphics processors. */
  readonly batch: number | undefined;
  readonly device: Device;
  readonly gpuIds: readonly number[] | undefined;
  readonly threads: number | undefined;
}

export interface Predicted {
  /** On the map's grid; exactly 0 where no cube was. */
  readonly mean: Float32Array;
  /** Population variance of the passes; 0 without them. */
  readonly variance: Float32Array;
  /** Cubes that were predicted, and all in the grid. */
  readonly cubes: number;
  readonly allCubes: number;
  readonly provider: string;
}

/** Cubes in one call where nobody says it: batches gain nothing on processors and cost memory. */
const usualBatch = (provider: string): number => (provider === 'cpu' ? 1 : 8);

/**
 * A network's prediction of a map (emmernet.md 2 to 4): at 1 Å, in cubes that overlap, averaged, with a share of the map where the network
 * gains by it, and back on the map's grid. Finished cubes are kept, so that a run that was killed goes on where it stopped.
 */
export const predictMap: Step<PredictInput, Predicted> = {
  name: 'predictMap',
  version: 3,
  unkeyed: ['found', 'batch', 'device', 'gpuIds', 'threads'],
  keep: async (pieces) => (await pieces.get('whole')) as Predicted | undefined,
  run: async (input, { signal, report, pieces }) => {
    const { map, grid, found, cubeSize, stride, blending, sampling, mapShare, compatibility, threads } = input;
    const options = { signal, threads };
    const shape = networkShape(grid);
    const mask = await networkMask(input.mask, grid, compatibility, options);
    const cube = [cubeSize, cubeSize, cubeSize] as const;
    const cubes = cubeGrid(shape, cube, stride);
    const box = padded(mask, shape, cubes, (n) => new Uint8Array(n));
    const wanted = cubes.starts.flatMap((start, number) => (isWanted(box, cubes, start) ? [number] : []));
    if (wanted.length === 0) throw emptyMask();
    const standard = await standardise(await zoom(map, grid.shape, shape, compatibility, options), signal);
    const volume = padded(standard, shape, cubes, (n) => new Float32Array(n));
    const { device, gpuIds } = input;
    const network = await MapNetwork.open(await readGraph(found), found.manifest, {
      device,
      gpuIds,
      threads,
      cube,
      sampling,
    });
    const predictor = found.manifest.turned === true ? turningCubes(network, cubes) : network;
    const stop = (): void => void network.close(signal.reason instanceof Error ? signal.reason : undefined);
    signal.addEventListener('abort', stop);
    const predicting = async (): Promise<readonly [Float32Array, Float32Array]> => {
      throwIfCancelled(signal);
      const [mean, variance] = await predictCubes(predictor, {
        volume,
        grid: cubes,
        wanted,
        blending,
        batch: input.batch ?? usualBatch(network.provider),
        kept: async (name) => (await pieces.get(name)) as Sampled | undefined,
        keep: (name, part) => pieces.put(name, part),
        onCubes: (done) => report(done / wanted.length, `cube ${done} of ${wanted.length}`),
      });
      return [cropped(mean, shape, cubes), cropped(variance, shape, cubes)];
    };
    const [prediction, variance] = await predicting().finally(async () => {
      signal.removeEventListener('abort', stop);
      await network.close();
    });
    const mean =
      mapShare === null ? prediction : await withMapShare({ prediction, standard, mask, shape, mapShare }, options);
    const back = (values: Float32Array): Promise<Float32Array> =>
      zoom(values, shape, grid.shape, compatibility, options);
    const whole = {
      mean: await back(mean),
      variance: await back(variance),
      cubes: wanted.length,
      allCubes: cubes.starts.length,
      provider: network.provider,
    };
    await pieces.put('whole', whole);
    return whole;
  },
};

const emptyMask = (): LocScaleError =>
  new LocScaleError(
    'input.voxels',
    'No cube of the network holds more than 5 voxels of the mask at 1 Å; give a larger mask, or leave it out.',
  );
