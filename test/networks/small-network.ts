import type { Converted } from '../../daemon/src/networks/graph/converted.js';
import { finishGraph } from '../../daemon/src/networks/graph/converted.js';
import { convolution, transposedConvolution, type Window } from '../../daemon/src/networks/graph/convolution.js';
import { dropout } from '../../daemon/src/networks/graph/dropout.js';
import { GraphBuilder, type Size, type Value } from '../../daemon/src/networks/graph/graph-builder.js';
import { groupNormalisation } from '../../daemon/src/networks/graph/normalisation.js';
import { concatenate, prelu } from '../../daemon/src/networks/graph/pointwise.js';
import { weightValues } from './weight-values.js';

export interface SmallNetwork {
  readonly cube: Size;
  readonly channels: number;
  /** Rates of the dropouts by value and by channel; null leaves the layer out. */
  readonly element: number | null;
  readonly channel: number | null;
}

const window = (stride: 1 | 2): Window => ({
  kernel: [3, 3, 3],
  stride: [stride, stride, stride],
  dilation: [1, 1, 1],
  padding: 'same',
});

/**
 * A U-Net of one level with seeded weights that nobody has trained: a skip that no dropout touches, a dropout by channel at the
 * coarse level, and one by value before the end.
 */
export function smallNetwork({ cube, channels, element, channel }: SmallNetwork): Converted {
  const builder = new GraphBuilder();
  const input = builder.input('map', 1, cube);
  let seed = 1;
  const weights = (count: number, spread: number): Float32Array => weightValues(seed++, count, 0, spread);
  const block = (name: string, value: Value, outChannels: number, stride: 1 | 2 = 1): Value => {
    const fan = value.channels * 27;
    const convolved = convolution(builder, name, value, window(stride), 1, {
      kernel: weights(outChannels * fan, Math.sqrt(6 / fan)),
      bias: weights(outChannels, 0.1),
      outChannels,
    });
    const bent = prelu(builder, `${name}/prelu`, convolved, [outChannels, 1, 1, 1], weights(outChannels, 0.3));
    return groupNormalisation(builder, `${name}/norm`, bent, 2, 1e-3, { scale: null, shift: null });
  };
  const fine = block('fine', input, channels);
  let coarse = block('coarse', fine, 2 * channels, 2);
  if (channel !== null) coarse = dropout(builder, 'drop/channel', coarse, 'channel', channel);
  const raised = transposedConvolution(
    builder,
    'up',
    coarse,
    { ...window(2), kernel: [2, 2, 2] },
    { kernel: weights(2 * channels * channels * 8, 0.3), bias: null, outChannels: channels },
  );
  let joined = block('joined', concatenate(builder, 'skip', [raised, fine]), channels);
  if (element !== null) joined = dropout(builder, 'drop/element', joined, 'element', element);
  const output = convolution(builder, 'last', joined, window(1), 1, {
    kernel: weights(channels * 27, 0.05),
    bias: weights(1, 0.02),
    outChannels: 1,
  });
  return finishGraph('onnx', builder, input, output, []);
}
