import { NetworkFault } from '../fault.js';
import type { Manifest } from '../library/manifest.js';
import { decodeModel } from '../onnx/decode.js';
import { encodeModel } from '../onnx/encode.js';
import { OpenNetwork } from './open-network.js';
import type { NetworkSettings } from './providers.js';
import { withMasks } from './sampling/masked-graph.js';
import { partition } from './sampling/partition.js';
import type { Sampled, SampleRequest } from './sampling/sample.js';
import { floats, floatsNamed } from './tensors.js';

type Cube = readonly [z: number, y: number, x: number];

export interface MapNetworkSettings extends Omit<NetworkSettings, 'laneBytes'> {
  /** Edges of the cubes that it will be given, voxels. */
  readonly cube: Cube;
  /** Monte Carlo passes for each cube; null: one pass without chance. */
  readonly sampling: { readonly passes: number; readonly seed: number } | null;
}

/** Memory of a lane: the runtime; each byte of weights, with what lies between the layers of one cube; masks and two graphs for Monte Carlo. Measured. */
const laneBytes = 66 * 2 ** 20;
const bytesPerGraphByte = 5;
const samplingBytes = 20 * 2 ** 20;

export const bytesOfLane = (graphBytes: number, sampled: boolean): number =>
  laneBytes + bytesPerGraphByte * graphBytes + (sampled ? samplingBytes : 0);

/** A network from cubes of a map to cubes of a map. */
export class MapNetwork {
  readonly #network: OpenNetwork;
  readonly #graph: { readonly input: string; readonly output: string };
  readonly #cube: Cube;
  readonly #sampling: Omit<SampleRequest, 'dims' | 'cubes' | 'numbers'> | null;

  private constructor(
    network: OpenNetwork,
    graph: { readonly input: string; readonly output: string },
    cube: Cube,
    sampling: Omit<SampleRequest, 'dims' | 'cubes' | 'numbers'> | null,
  ) {
    this.#network = network;
    this.#graph = graph;
    this.#cube = cube;
    this.#sampling = sampling;
  }

  static async open(
    file: Uint8Array,
    { dropouts, input: made, graph: { bytes } }: Pick<Manifest, 'dropouts' | 'input' | 'graph'>,
    { sampling, cube, ...settings }: MapNetworkSettings,
  ): Promise<MapNetwork> {
    const lanes = { ...settings, laneBytes: bytesOfLane(bytes, sampling !== null) };
    const model = decodeModel(file);
    const [input, output] = [model.graph.inputs[0]?.name, model.graph.outputs[0]?.name];
    if (input === undefined || output === undefined) throw new NetworkFault('it has no input or no output');
    if (sampling === null || dropouts.length === 0) {
      const network = await OpenNetwork.open({ network: file }, lanes);
      return new MapNetwork(network, { input, output }, cube, null);
    }
    const { prefix, rest, cut } = partition(model, new Set(dropouts.map(({ node }) => node)));
    const { model: masked, layers } = withMasks(rest, dropouts, made.slice(1), cube);
    const graphs = {
      ...(prefix === null ? {} : { prefix: encodeModel(prefix) }),
      rest: encodeModel(masked),
    };
    const request = {
      prefix: prefix === null ? null : 'prefix',
      rest: 'rest',
      input,
      restTakesMap: masked.graph.inputs.some(({ name }) => name === input && !cut.includes(name)),
      output,
      layers,
      ...sampling,
    };
    return new MapNetwork(await OpenNetwork.open(graphs, lanes), { input, output }, cube, request);
  }

  get provider(): string {
    return this.#network.provider;
  }

  get notUsed(): readonly string[] {
    return this.#network.notUsed;
  }

  get lanes(): number {
    return this.#network.lanes;
  }

  /** Predicts cubes that lie behind each other; `numbers` are theirs in the whole grid. Without sampling the variance is 0. */
  async predict(cubes: Float32Array, numbers: readonly number[]): Promise<Sampled> {
    const dims = [numbers.length, 1, ...this.#cube];
    if (this.#sampling !== null) return this.#network.sample({ ...this.#sampling, dims, cubes, numbers });
    const { input, output } = this.#graph;
    const mean = floatsNamed(await this.#network.run({ [input]: floats(dims, cubes) }), output);
    return { mean: new Float32Array(mean), variance: new Float32Array(mean.length) };
  }

  /** As `OpenNetwork.close`. */
  close(reason?: Error): Promise<void> {
    return this.#network.close(reason);
  }
}
