import { NetworkFault, shown } from '../fault.js';
import { float, type GraphBuilder, int, type Value } from './graph-builder.js';

/** Activations by Keras's names of them, as one ONNX operator each. */
const operators = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softsign: 'Softsign',
  exponential: 'Exp',
} as const;

export function activation(builder: GraphBuilder, layer: string, input: Value, kind: string): Value {
  if (kind === 'linear') return input;
  if (kind === 'swish' || kind === 'silu') {
    const gate = builder.node('Sigmoid', `${layer}/gate`, [input.name]);
    return { ...input, name: builder.node('Mul', layer, [input.name, gate]) };
  }
  if (kind === 'softmax') return { ...input, name: builder.node('Softmax', layer, [input.name], { axis: int(1) }) };
  if (!(kind in operators))
    throw new NetworkFault(
      `the layer ${shown(layer)} has the activation ${shown(kind)}, which is not known here`,
      'it needs a newer version of this program',
    );
  return { ...input, name: builder.node(operators[kind as keyof typeof operators], layer, [input.name]) };
}

export const leakyRelu = (builder: GraphBuilder, layer: string, input: Value, slope: number): Value => ({
  ...input,
  name: builder.node('LeakyRelu', layer, [input.name], { alpha: float(slope) }),
});

export const elu = (builder: GraphBuilder, layer: string, input: Value, alpha: number): Value => ({
  ...input,
  name: builder.node('Elu', layer, [input.name], { alpha: float(alpha) }),
});

/** max(x, 0) + slope · min(x, 0); `dims` (C, D, H, W) of the slopes, 1 where they are shared. */
export function prelu(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  dims: readonly number[],
  slopes: Float32Array,
): Value {
  return { ...input, name: builder.node('PRelu', layer, [input.name, builder.floats(`${layer}/slope`, dims, slopes)]) };
}

/** Channels of all inputs behind each other; their cubes must be of one size. */
export function concatenate(builder: GraphBuilder, layer: string, inputs: readonly Value[]): Value {
  const first = assertOneSize(layer, inputs);
  const channels = inputs.reduce((sum, input) => sum + input.channels, 0);
  const name = builder.node(
    'Concat',
    layer,
    inputs.map(({ name: part }) => part),
    { axis: int(1) },
  );
  return { name, channels, size: first.size };
}

export function combine(
  builder: GraphBuilder,
  layer: string,
  inputs: readonly Value[],
  kind: 'sum' | 'product' | 'mean',
): Value {
  const first = assertOneSize(layer, inputs);
  if (inputs.some(({ channels }) => channels !== first.channels))
    throw new NetworkFault(
      `the layer ${shown(layer)} joins ${inputs.map(({ channels }) => channels).join(' and ')} channels`,
    );
  const names = inputs.map(({ name }) => name);
  if (kind === 'mean') return { ...first, name: builder.node('Mean', layer, names) };
  const last = names.length - 1;
  const joined = names.reduce((left, right, index) =>
    builder.node(kind === 'sum' ? 'Add' : 'Mul', index === last ? layer : `${layer}/${index}`, [left, right]),
  );
  return { ...first, name: joined };
}

function assertOneSize(layer: string, inputs: readonly Value[]): Value {
  const [first, ...others] = inputs;
  if (first === undefined || others.length === 0)
    throw new NetworkFault(`the layer ${shown(layer)} joins ${inputs.length} inputs, and at least two were expected`);
  const odd = others.find(({ size }) => size.some((n, axis) => n !== first.size[axis]));
  if (odd !== undefined)
    throw new NetworkFault(
      `the layer ${shown(layer)} joins cubes of ${first.size.join(' x ')} and ${odd.size.join(' x ')}`,
    );
  return first;
}
