import { NetworkFault, shown } from '../fault.js';
import { type Attribute, elements, floatTensor, intTensor, type Model, type Node, type Tensor } from '../onnx/model.js';

/** Axes of space, in the order (z, y, x). */
export type Size = readonly [number, number, number];

/** What flows between layers: N, C, D, H, W in memory; `size` is that for the cube that the network was made for. */
export interface Value {
  readonly name: string;
  readonly channels: number;
  readonly size: Size;
}

/** A random layer: the identity in a plain pass, noise in a Monte Carlo one. */
export interface Dropout {
  /** Name of its node in the graph. */
  readonly node: string;
  /** `element` and `channel` keep a value with probability 1 - rate and scale it by 1/(1 - rate); the others are Gaussian. */
  readonly kind: 'element' | 'channel' | 'gaussian-factor' | 'gaussian-noise';
  /** Probability of dropping; for `gaussian-factor` the variance is rate/(1 - rate), for `gaussian-noise` it is the standard deviation. */
  readonly rate: number;
  /** Channels, z, y, x of the values at this place, for the cube that the network was made for. */
  readonly shape: readonly [number, number, number, number];
}

/** The operators' version that the graphs are written in: the first with GroupNormalization as networks mean it. */
export const graphOpset = 21;
const irVersion = 10;

/** Collects the nodes of a graph, layer by layer. Every node is named after its layer, and its output too. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #constants: Tensor[] = [];
  readonly #dropouts: Dropout[] = [];
  readonly #names = new Set<string>();
  readonly #shared = new Map<string, string>();
  #tables = 0;

  get dropouts(): readonly Dropout[] {
    return this.#dropouts;
  }

  get parameters(): number {
    const floats = this.#constants.reduce((sum, { type, dims }) => sum + (type === 'float32' ? elements(dims) : 0), 0);
    return floats - this.#tables;
  }

  /** The cube that goes in: one channel count, any number of cubes. */
  input(name: string, channels: number, size: Size): Value {
    return { name: this.#claim(name), channels, size };
  }

  node(
    op: string,
    name: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const output = this.#claim(name);
    this.#nodes.push({ name: output, op, inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds weights; they must be finite numbers. */
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    if (values.length !== elements(dims))
      throw new NetworkFault(`${shown(name)} has ${values.length} values, and ${elements(dims)} were expected`);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new NetworkFault(`the weights ${shown(name)} hold ${values[bad] ?? ''}, and finite numbers were expected`);
    this.#constants.push(floatTensor(this.#claim(name), dims, values));
    return name;
  }

  ints(name: string, values: readonly number[]): string {
    this.#constants.push(intTensor(this.#claim(name), values));
    return name;
  }

  /** Whole numbers that several nodes use: shapes, orders of voxels. Each list is kept once. */
  shared(values: readonly number[]): string {
    const key = values.join();
    const name = this.#shared.get(key) ?? this.ints(`shared/${this.#shared.size}`, values);
    this.#shared.set(key, name);
    return name;
  }

  /** Numbers that follow from the layers and are no weights; made when the name is new. */
  table(name: string, dims: readonly number[], make: () => Float32Array): string {
    if (this.#names.has(name)) return name;
    this.#tables += elements(dims);
    return this.floats(name, dims, make());
  }

  dropout(dropout: Dropout): void {
    this.#dropouts.push(dropout);
  }

  /**
   * The finished model, with one input and one output of 32-bit floats. Axes of space can have any size that the layers allow, or the cube's
   * alone where layers have it written into them (`fixed`).
   */
  finish(input: Value, output: Value, metadata: Readonly<Record<string, string>>, space: 'any' | 'fixed'): Model {
    const axes = ['D', 'H', 'W'];
    const port = ({ name, channels, size }: Value): Model['graph']['inputs'][number] => ({
      name,
      type: 'float32',
      dims: [
        'N',
        channels,
        ...(space === 'fixed' ? size : axes.map((axis) => (name === input.name ? axis : `${axis}_out`))),
      ],
    });
    const graph = {
      name: 'network',
      nodes: this.#nodes,
      constants: this.#constants,
      inputs: [port(input)],
      outputs: [port(output)],
    };
    return { irVersion, opset: graphOpset, graph, metadata };
  }

  #claim(name: string): string {
    if (name === '' || this.#names.has(name))
      throw new NetworkFault(`two parts of the network have the name ${shown(name)}`);
    this.#names.add(name);
    return name;
  }
}

export const ints = (...value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });

/** A size of each axis of space from a rule for one. */
export const eachAxis = (rule: (axis: 0 | 1 | 2) => number): Size => [rule(0), rule(1), rule(2)];
