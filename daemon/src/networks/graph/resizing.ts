import { NetworkFault, shown } from '../fault.js';
import { slidPads, slidSize, type Window } from './convolution.js';
import { eachAxis, type GraphBuilder, int, ints, type Size, text, type Value } from './graph-builder.js';

/** The maximum or the mean of each window; padding does not count for the mean. */
export function pooling(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  window: Window,
  kind: 'max' | 'mean',
): Value {
  const name = builder.node(kind === 'max' ? 'MaxPool' : 'AveragePool', layer, [input.name], {
    kernel_shape: ints(...window.kernel),
    strides: ints(...window.stride),
    ...(kind === 'mean' ? { count_include_pad: int(0) } : {}),
    ...slidPads(window),
  });
  return { name, channels: input.channels, size: slidSize(input, window, layer) };
}

/** Every sample repeated `factor` times along each axis. */
export function upsampling(builder: GraphBuilder, layer: string, input: Value, factor: Size): Value {
  const scales = builder.floats(`${layer}/scales`, [5], Float32Array.of(1, 1, ...factor));
  const name = builder.node('Resize', layer, [input.name, '', scales], {
    mode: text('nearest'),
    coordinate_transformation_mode: text('asymmetric'),
    nearest_mode: text('floor'),
  });
  return { name, channels: input.channels, size: eachAxis((axis) => input.size[axis] * factor[axis]) };
}

/** Samples before and behind, for each axis of space. */
export type Margins = readonly [readonly [number, number], readonly [number, number], readonly [number, number]];

export function zeroPadding(builder: GraphBuilder, layer: string, input: Value, margins: Margins): Value {
  const pads = [0, 0, ...margins.map(([before]) => before), 0, 0, ...margins.map(([, behind]) => behind)];
  const name = builder.node('Pad', layer, [input.name, builder.ints(`${layer}/pads`, pads)], {
    mode: text('constant'),
  });
  return {
    name,
    channels: input.channels,
    size: eachAxis((axis) => input.size[axis] + margins[axis][0] + margins[axis][1]),
  };
}

export function cropping(builder: GraphBuilder, layer: string, input: Value, margins: Margins): Value {
  const size = eachAxis((axis) => input.size[axis] - margins[axis][0] - margins[axis][1]);
  if (size.some((n) => n < 1))
    throw new NetworkFault(`the layer ${shown(layer)} crops its whole input of ${input.size.join(' x ')}`);
  const starts = builder.ints(
    `${layer}/starts`,
    margins.map(([before]) => before),
  );
  // A negative end counts from the end; nothing cropped behind means an end beyond any size.
  const ends = builder.ints(
    `${layer}/ends`,
    margins.map(([, behind]) => (behind === 0 ? 2 ** 31 - 1 : -behind)),
  );
  const name = builder.node('Slice', layer, [input.name, starts, ends, builder.ints(`${layer}/axes`, [2, 3, 4])]);
  return { name, channels: input.channels, size };
}
