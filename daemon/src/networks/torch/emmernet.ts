import { NetworkFault, shown } from '../fault.js';
import { convolution, transposedConvolution, type Window } from '../graph/convolution.js';
import { type Converted, defaultCube, finishGraph } from '../graph/converted.js';
import { dropout } from '../graph/dropout.js';
import { GraphBuilder, type Value } from '../graph/graph-builder.js';
import { groupNormalisation } from '../graph/normalisation.js';
import { concatenate, prelu } from '../graph/pointwise.js';
import type { StateDict } from './state-dict.js';

/** Groups, epsilon and rate are not in a state dictionary; these are EMmerNet's. */
const groups = 8;
const epsilon = 1e-3;
const rate = 0.5;

const window = (stride: 1 | 2): Window => ({
  kernel: [5, 5, 5],
  stride: [stride, stride, stride],
  dilation: [1, 1, 1],
  padding: 'same',
});

/** Layers of EMmerNet from the map in to the map out; `skip` names the block whose output is joined in front of the first of a group. */
const plan = [
  { kind: 'block', name: 'conv1_1', stride: 1 },
  { kind: 'block', name: 'conv1_2', stride: 1 },
  { kind: 'block', name: 'conv1_3', stride: 2 },
  { kind: 'block', name: 'conv2_1', stride: 1 },
  { kind: 'block', name: 'conv2_2', stride: 1 },
  { kind: 'block', name: 'conv2_3', stride: 2 },
  { kind: 'block', name: 'conv3_1', stride: 1 },
  { kind: 'block', name: 'conv3_2', stride: 1 },
  { kind: 'block', name: 'conv3_3', stride: 2 },
  { kind: 'block', name: 'conv4_1', stride: 1 },
  { kind: 'up', name: 'up1', skip: 'conv3_1' },
  { kind: 'block', name: 'conv5_1', stride: 1 },
  { kind: 'block', name: 'conv5_2', stride: 1 },
  { kind: 'block', name: 'conv5_3', stride: 1 },
  { kind: 'up', name: 'up2', skip: 'conv2_1' },
  { kind: 'block', name: 'conv6_1', stride: 1 },
  { kind: 'block', name: 'conv6_2', stride: 1 },
  { kind: 'block', name: 'conv6_3', stride: 1 },
  { kind: 'up', name: 'up3', skip: 'conv1_1' },
  { kind: 'block', name: 'conv7_1', stride: 1 },
  { kind: 'block', name: 'conv7_2', stride: 1 },
  { kind: 'block', name: 'conv7_3', stride: 1 },
  { kind: 'up', name: 'up4', skip: null },
  { kind: 'block', name: 'conv8_1', stride: 2 },
] as const;

/** Channels out and in of a kernel, from its own dimensions. */
function channelsOf(weights: StateDict, name: string, transposed: boolean): number {
  const dims = weights.dims(`${name}.weight`);
  const out = dims[transposed ? 1 : 0];
  if (dims.length !== 5 || out === undefined || out < 1)
    throw new NetworkFault(
      `its tensor ${shown(`${name}.weight`)} has the shape ${dims.join(' x ')}, and that of a 3-D kernel was expected`,
    );
  return out;
}

/** Convolution, one slope per channel below zero, group normalisation, dropout: in this order. */
function block(builder: GraphBuilder, weights: StateDict, name: string, stride: 1 | 2, input: Value): Value {
  const convolved = convolve(builder, weights, name, `${name}.conv`, stride, input);
  const { channels } = convolved;
  const bent = prelu(
    builder,
    `${name}/prelu`,
    convolved,
    [channels, 1, 1, 1],
    weights.take(`${name}.prelu.weight`, [channels]),
  );
  const normal = groupNormalisation(builder, `${name}/norm`, bent, groups, epsilon, {
    scale: weights.take(`${name}.gn.weight`, [channels]),
    shift: weights.take(`${name}.gn.bias`, [channels]),
  });
  return dropout(builder, `${name}/dropout`, normal, 'element', rate);
}

function convolve(
  builder: GraphBuilder,
  weights: StateDict,
  name: string,
  key: string,
  stride: 1 | 2,
  input: Value,
): Value {
  const outChannels = channelsOf(weights, key, false);
  return convolution(builder, name, input, window(stride), 1, {
    kernel: weights.take(`${key}.weight`, [outChannels, input.channels, 5, 5, 5]),
    bias: weights.take(`${key}.bias`, [outChannels]),
    outChannels,
  });
}

function up(builder: GraphBuilder, weights: StateDict, name: string, input: Value): Value {
  const outChannels = channelsOf(weights, `${name}.conv`, true);
  return transposedConvolution(builder, name, input, window(2), {
    kernel: weights.take(`${name}.conv.weight`, [input.channels, outChannels, 5, 5, 5]),
    bias: weights.take(`${name}.conv.bias`, [outChannels]),
    outChannels,
  });
}

export const isEmmernet = (weights: StateDict): boolean => weights.names.includes('conv1_1.conv.weight');

/**
 * Converts the state dictionary of EMmerNet's PyTorch form. A state dictionary holds weights without the layers, so the topology is
 * EMmerNet's own; channels come from the tensors. Skips are taken behind the dropout, as the PyTorch form does.
 */
export function convertEmmernet(weights: StateDict): Converted {
  const builder = new GraphBuilder();
  const input = builder.input('map', 1, defaultCube);
  const made = new Map<string, Value>();
  let value = input;
  for (const step of plan) {
    if (step.kind === 'block') value = block(builder, weights, step.name, step.stride, value);
    else {
      value = up(builder, weights, step.name, value);
      const skip = step.skip === null ? undefined : made.get(step.skip);
      if (skip !== undefined) value = concatenate(builder, `${step.name}/skip`, [value, skip]);
    }
    made.set(step.name, value);
  }
  value = convolve(builder, weights, 'last_layer', 'last_conv', 1, value);
  return finishGraph('pytorch', builder, input, value, [
    'A state dictionary does not tell the layers: the topology, 8 groups, epsilon 0.001 and dropout 0.5 are those of EMmerNet.',
    'Skip connections are taken behind the dropout; a Keras file of the same network may take them before it.',
  ]);
}
