import { NetworkFault, shown } from '../fault.js';
import type { Attribute } from '../onnx/model.js';
import { eachAxis, type GraphBuilder, int, ints, type Size, text, type Value } from './graph-builder.js';

/** `same` keeps ceil(n / stride) samples, the surplus of padding behind; `valid` takes whole windows only. */
export type Padding = 'same' | 'valid';

export interface Window {
  readonly kernel: Size;
  readonly stride: Size;
  readonly dilation: Size;
  readonly padding: Padding;
}

/** Samples that a sliding window leaves of n. */
export function slidSize(value: Value, { kernel, stride, dilation, padding }: Window, layer: string): Size {
  const size = eachAxis((axis) => {
    const n = value.size[axis];
    const extent = (kernel[axis] - 1) * dilation[axis] + 1;
    return padding === 'same' ? Math.ceil(n / stride[axis]) : Math.floor((n - extent) / stride[axis]) + 1;
  });
  if (size.some((n) => n < 1))
    throw new NetworkFault(`the layer ${shown(layer)} has a window larger than its input of ${value.size.join(' x ')}`);
  return size;
}

/** Padding of a sliding window as attributes. Without a stride it does not depend on the size, so it is written out. */
export function slidPads({ kernel, stride, dilation, padding }: Window): Readonly<Record<string, Attribute>> {
  if (padding === 'valid') return {};
  if (stride.some((step) => step !== 1)) return { auto_pad: text('SAME_UPPER') };
  const total = eachAxis((axis) => (kernel[axis] - 1) * dilation[axis]);
  const before = total.map((pad) => Math.floor(pad / 2));
  return { pads: ints(...before, ...total.map((pad, axis) => pad - (before[axis] ?? 0))) };
}

export interface ConvolutionWeights {
  /** Convolution: (out, in / groups, z, y, x); transposed: (in, out, z, y, x). */
  readonly kernel: Float32Array;
  readonly bias: Float32Array | null;
  readonly outChannels: number;
}

export function convolution(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  window: Window,
  groups: number,
  { kernel, bias, outChannels }: ConvolutionWeights,
): Value {
  const dims = [outChannels, input.channels / groups, ...window.kernel];
  const inputs = [input.name, builder.floats(`${layer}/kernel`, dims, kernel)];
  if (bias !== null) inputs.push(builder.floats(`${layer}/bias`, [outChannels], bias));
  const name = builder.node('Conv', layer, inputs, {
    kernel_shape: ints(...window.kernel),
    strides: ints(...window.stride),
    dilations: ints(...window.dilation),
    group: int(groups),
    ...slidPads(window),
  });
  return { name, channels: outChannels, size: slidSize(input, window, layer) };
}

/**
 * The adjoint of a convolution. `same` gives n · stride samples: the full result has (n - 1) · stride + kernel, and of the
 * surplus the smaller half is cut in front (TensorFlow's rule).
 */
export function transposedConvolution(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  window: Window,
  { kernel, bias, outChannels }: ConvolutionWeights,
): Value {
  const inputs = [
    input.name,
    builder.floats(`${layer}/kernel`, [input.channels, outChannels, ...window.kernel], kernel),
  ];
  if (bias !== null) inputs.push(builder.floats(`${layer}/bias`, [outChannels], bias));
  // With a kernel shorter than the stride nothing is cut, and zeros come behind.
  const surplus = eachAxis((axis) => window.kernel[axis] - window.stride[axis]);
  const before = surplus.map((n) => Math.floor(Math.max(n, 0) / 2));
  const same = window.padding === 'same';
  const cut = [...before, ...surplus.map((n, axis) => Math.max(n, 0) - (before[axis] ?? 0))];
  const behind = surplus.map((n) => Math.max(-n, 0));
  const name = builder.node('ConvTranspose', layer, inputs, {
    kernel_shape: ints(...window.kernel),
    strides: ints(...window.stride),
    pads: ints(...(same ? cut : cut.map(() => 0))),
    output_padding: ints(...behind),
  });
  const size = eachAxis((axis) => input.size[axis] * window.stride[axis] + (same ? 0 : Math.max(surplus[axis], 0)));
  return { name, channels: outChannels, size };
}
