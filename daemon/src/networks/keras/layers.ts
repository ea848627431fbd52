import { NetworkFault, shown } from '../fault.js';
import { convolution, transposedConvolution } from '../graph/convolution.js';
import { dropout } from '../graph/dropout.js';
import type { GraphBuilder, Value } from '../graph/graph-builder.js';
import { batchNormalisation, groupNormalisation } from '../graph/normalisation.js';
import { activation, combine, concatenate, elu, leakyRelu, prelu } from '../graph/pointwise.js';
import { cropping, pooling, upsampling, zeroPadding } from '../graph/resizing.js';
import type { KerasLayer } from './config.js';
import { marginsOf, setting, windowOf } from './layer-config.js';
import { type LayerWeights, transpose } from './weights.js';

interface Context {
  readonly builder: GraphBuilder;
  readonly layer: KerasLayer;
  readonly inputs: readonly Value[];
  readonly weights: LayerWeights;
}
type Converter = (context: Context & { readonly input: Value }) => Value;

/** Keras kernels are (z, y, x, in, out), transposed ones (z, y, x, out, in); ONNX wants the last two in front, swapped. */
const kernelOrder = [4, 3, 0, 1, 2];

/** An activation that a layer applies to its own result. */
function fused(context: Context, name: string, make: (layer: string) => Value): Value {
  const kind = setting(context.layer, 'activation', 'linear') ?? 'linear';
  return kind === 'linear' ? make(name) : activation(context.builder, name, make(`${name}/linear`), kind);
}

const conv: Converter = (context) => {
  const { builder, layer, input, weights } = context;
  const window = windowOf(layer, 'kernel_size');
  const outChannels = setting(layer, 'filters');
  const groups = setting(layer, 'groups', 1);
  if (groups < 1 || input.channels % groups !== 0 || outChannels % groups !== 0)
    throw new NetworkFault(`the layer ${shown(layer.name)} divides ${input.channels} channels into ${groups} groups`);
  const dims = [...window.kernel, input.channels / groups, outChannels];
  const kernel = transpose(weights.take('kernel', dims), dims, kernelOrder);
  const bias = setting(layer, 'use_bias') ? weights.take('bias', [outChannels]) : null;
  return fused(context, layer.name, (name) =>
    convolution(builder, name, input, window, groups, { kernel, bias, outChannels }),
  );
};

const convTranspose: Converter = (context) => {
  const { builder, layer, input, weights } = context;
  const window = windowOf(layer, 'kernel_size');
  setting(layer, 'output_padding');
  if (window.dilation.some((n) => n !== 1))
    throw new NetworkFault(`the layer ${shown(layer.name)} is a dilated transposed convolution`);
  const outChannels = setting(layer, 'filters');
  const dims = [...window.kernel, outChannels, input.channels];
  const kernel = transpose(weights.take('kernel', dims), dims, kernelOrder);
  const bias = setting(layer, 'use_bias') ? weights.take('bias', [outChannels]) : null;
  return fused(context, layer.name, (name) =>
    transposedConvolution(builder, name, input, window, { kernel, bias, outChannels }),
  );
};

/** The axis of a layer must be that of the channels: the last of five. */
function assertChannelAxis(layer: KerasLayer): void {
  const axis = setting(layer, 'axis', -1);
  if (axis !== -1 && axis !== 4)
    throw new NetworkFault(
      `the layer ${shown(layer.name)} works along axis ${axis}, and that of the channels was expected`,
    );
}

const affine = (
  { layer, weights }: Context,
  channels: number,
): { scale: Float32Array | null; shift: Float32Array | null } => ({
  scale: setting(layer, 'scale') ? weights.take('gamma', [channels]) : null,
  shift: setting(layer, 'center') ? weights.take('beta', [channels]) : null,
});

const groupNorm =
  (ofLayer: (layer: KerasLayer, channels: number) => number): Converter =>
  (context) => {
    const { builder, layer, input } = context;
    assertChannelAxis(layer);
    const groups = ofLayer(layer, input.channels);
    return groupNormalisation(
      builder,
      layer.name,
      input,
      groups,
      setting(layer, 'epsilon', 1e-3),
      affine(context, input.channels),
    );
  };

const converters: Readonly<Record<string, Converter>> = {
  Conv3D: conv,
  Conv3DTranspose: convTranspose,
  MaxPooling3D: ({ builder, layer, input }) => pooling(builder, layer.name, input, windowOf(layer, 'pool_size'), 'max'),
  AveragePooling3D: ({ builder, layer, input }) =>
    pooling(builder, layer.name, input, windowOf(layer, 'pool_size'), 'mean'),
  UpSampling3D: ({ builder, layer, input }) => upsampling(builder, layer.name, input, setting(layer, 'size')),
  ZeroPadding3D: ({ builder, layer, input }) => zeroPadding(builder, layer.name, input, marginsOf(layer, 'padding')),
  Cropping3D: ({ builder, layer, input }) => cropping(builder, layer.name, input, marginsOf(layer, 'cropping')),
  PReLU: ({ builder, layer, input, weights }) => {
    const shared = setting(layer, 'shared_axes', null) ?? [];
    const dims = [...input.size, input.channels].map((n, axis) => (shared.includes(axis + 1) ? 1 : n));
    const slopes = transpose(weights.take('alpha', dims), dims, [3, 0, 1, 2]);
    return prelu(
      builder,
      layer.name,
      input,
      [3, 0, 1, 2].map((axis) => dims[axis] as number),
      slopes,
    );
  },
  ReLU: ({ builder, layer, input }) => {
    if (setting(layer, 'max_value', null) !== null || (setting(layer, 'threshold', 0) ?? 0) !== 0)
      throw new NetworkFault(
        `the layer ${shown(layer.name)} is a ReLU with a maximum or a threshold, which is not converted`,
      );
    const slope = setting(layer, 'negative_slope', 0) ?? 0;
    return slope === 0 ? activation(builder, layer.name, input, 'relu') : leakyRelu(builder, layer.name, input, slope);
  },
  LeakyReLU: ({ builder, layer, input }) =>
    leakyRelu(builder, layer.name, input, setting(layer, 'negative_slope', null) ?? setting(layer, 'alpha', 0.3)),
  ELU: ({ builder, layer, input }) => elu(builder, layer.name, input, setting(layer, 'alpha', 1)),
  Activation: ({ builder, layer, input }) =>
    activation(builder, layer.name, input, setting(layer, 'activation') ?? 'linear'),
  GroupNormalization: groupNorm((layer, channels) => {
    const groups = setting(layer, 'groups', 32);
    return groups === -1 ? channels : groups;
  }),
  InstanceNormalization: groupNorm((_, channels) => channels),
  BatchNormalization: (context) => {
    const { builder, layer, input, weights } = context;
    assertChannelAxis(layer);
    const mean = weights.take('moving_mean', [input.channels]);
    const variance = weights.take('moving_variance', [input.channels]);
    return batchNormalisation(
      builder,
      layer.name,
      input,
      setting(layer, 'epsilon', 1e-3),
      affine(context, input.channels),
      mean,
      variance,
    );
  },
  Dropout: ({ builder, layer, input }) => {
    const shared = (setting(layer, 'noise_shape') ?? null) !== null;
    return dropout(builder, layer.name, input, shared ? 'channel' : 'element', setting(layer, 'rate'));
  },
  SpatialDropout3D: ({ builder, layer, input }) =>
    dropout(builder, layer.name, input, 'channel', setting(layer, 'rate')),
  GaussianDropout: ({ builder, layer, input }) =>
    dropout(builder, layer.name, input, 'gaussian-factor', setting(layer, 'rate')),
  GaussianNoise: ({ builder, layer, input }) =>
    dropout(builder, layer.name, input, 'gaussian-noise', setting(layer, 'stddev')),
  Concatenate: ({ builder, layer, inputs }) => {
    assertChannelAxis(layer);
    return concatenate(builder, layer.name, inputs);
  },
  Add: ({ builder, layer, inputs }) => combine(builder, layer.name, inputs, 'sum'),
  Multiply: ({ builder, layer, inputs }) => combine(builder, layer.name, inputs, 'product'),
  Average: ({ builder, layer, inputs }) => combine(builder, layer.name, inputs, 'mean'),
};

/** Adds one layer to the graph. */
export function convertLayer(
  builder: GraphBuilder,
  layer: KerasLayer,
  inputs: readonly Value[],
  weights: LayerWeights,
): Value {
  const convert = Object.hasOwn(converters, layer.type) ? converters[layer.type] : undefined;
  if (convert === undefined)
    throw new NetworkFault(
      `its layer ${shown(layer.name)} is of the class ${shown(layer.type)}, which is not one of those that can be converted`,
      'docs/networks.md lists them',
    );
  setting(layer, 'data_format');
  const [input] = inputs;
  const joins = ['Concatenate', 'Add', 'Multiply', 'Average'].includes(layer.type);
  if (input === undefined || (inputs.length > 1 && !joins))
    throw new NetworkFault(
      `the layer ${shown(layer.name)} has ${inputs.length} inputs, and ${joins ? 'two or more' : 'one'} was expected`,
    );
  return convert({ builder, layer, inputs, input, weights });
}
