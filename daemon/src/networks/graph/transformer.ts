import { float, type GraphBuilder, int, ints, type Value } from './graph-builder.js';
import { dealWindows, endMasks, relativePlaces } from './windows.js';

/** A linear layer: (out, in) weights and a bias. */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}
export interface LayerNorm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

export interface TransformerWeights {
  readonly beforeAttention: LayerNorm;
  /** Outputs: all queries, all keys, all values, each head by head. */
  readonly embedding: Linear;
  /** For each head (2 · window - 1)³ numbers by the difference of two tokens, (z, y, x). */
  readonly relative: Float32Array;
  readonly joining: Linear;
  readonly beforeLayers: LayerNorm;
  /** To four times as many channels, and back. */
  readonly widening: Linear;
  readonly narrowing: Linear;
}

export interface TransformerShape {
  readonly window: number;
  readonly headChannels: number;
  /** 0, or by how many voxels the windows are shifted. */
  readonly shift: number;
}

const layerNormEpsilon = 1e-5;

/**
 * A transformer over windows of a cube: t + attention(norm(t)), then that plus two layers of it (Liu et al., arXiv:2103.14030). All of it is done with
 * the voxels sorted by windows, (cube, window, token, channel), so shift and partition are one gathering before and one after.
 */
export function windowTransformer(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  { window, headChannels, shift }: TransformerShape,
  weights: TransformerWeights,
): Value {
  const { channels, size } = input;
  const voxels = size[0] * size[1] * size[2];
  const inWindow = window ** 3;
  const windows = voxels / inWindow;
  const heads = channels / headChannels;
  const deal = dealWindows(size, window, shift);
  const reshape = (name: string, from: string, dims: readonly number[]): string =>
    builder.node('Reshape', `${layer}/${name}`, [from, builder.shared([...dims])]);
  const transpose = (name: string, from: string, ...perm: readonly number[]): string =>
    builder.node('Transpose', `${layer}/${name}`, [from], { perm: ints(...perm) });
  const op = (kind: string, name: string, ...inputs: readonly string[]): string =>
    builder.node(kind, `${layer}/${name}`, inputs);
  const gather = (name: string, from: string, order: readonly number[]): string =>
    builder.node('Gather', `${layer}/${name}`, [from, builder.shared(order)], { axis: int(1) });
  const linear = (name: string, from: string, inside: number, outside: number, { weight, bias }: Linear): string => {
    const product = op(
      'MatMul',
      `${name}/product`,
      from,
      builder.floats(`${layer}/${name}/weight`, [inside, outside], transposed(weight, outside, inside)),
    );
    return op('Add', name, product, builder.floats(`${layer}/${name}/bias`, [outside], bias));
  };
  const norm = (name: string, from: string, { scale, shift: by }: LayerNorm): string =>
    builder.node(
      'LayerNormalization',
      `${layer}/${name}`,
      [
        from,
        builder.floats(`${layer}/${name}/scale`, [channels], scale),
        builder.floats(`${layer}/${name}/shift`, [channels], by),
      ],
      { axis: int(-1), epsilon: float(layerNormEpsilon) },
    );

  const flat = transpose('flat', reshape('lines', input.name, [0, channels, voxels]), 0, 2, 1);
  const sorted = reshape('windows', gather('sorted', flat, deal.voxels), [0, windows, inWindow, channels]);

  const normal = norm('norm1', sorted, weights.beforeAttention);
  const part = (name: string, third: 0 | 1 | 2, factor: number): string => {
    const { weight, bias } = weights.embedding;
    const made = linear(name, normal, channels, channels, {
      weight: weight.slice(third * channels ** 2, (third + 1) * channels ** 2).map((value) => value * factor),
      bias: bias.slice(third * channels, (third + 1) * channels).map((value) => value * factor),
    });
    return reshape(`${name}/heads`, made, [0, windows, inWindow, heads, headChannels]);
  };
  const queries = transpose('q/tokens', part('q', 0, headChannels ** -0.5), 0, 1, 3, 2, 4);
  const keys = transpose('k/tokens', part('k', 1, 1), 0, 1, 3, 4, 2);
  const values = transpose('v/tokens', part('v', 2, 1), 0, 1, 3, 2, 4);
  const table = builder.floats(`${layer}/relative`, [heads, (2 * window - 1) ** 3], weights.relative);
  const relative = reshape('relative/pairs', gather('relative/gathered', table, relativePlaces(window)), [
    heads,
    inWindow,
    inWindow,
  ]);
  let seen = op('Add', 'seen', op('MatMul', 'alike', queries, keys), relative);
  if (shift > 0) {
    const masks = builder.table(`masks/${window}/${shift}`, [8, 1, inWindow, inWindow], () => endMasks(window, shift));
    const mask = builder.node('Gather', `${layer}/mask`, [masks, builder.shared(deal.ends)], { axis: int(0) });
    seen = op('Add', 'masked', seen, mask);
  }
  const attention = builder.node('Softmax', `${layer}/attention`, [seen], { axis: int(-1) });
  const looked = transpose('looked/tokens', op('MatMul', 'looked', attention, values), 0, 1, 3, 2, 4);
  const joined = linear(
    'joined',
    reshape('looked/joined', looked, [0, windows, inWindow, channels]),
    channels,
    channels,
    weights.joining,
  );
  const between = op('Add', 'between', sorted, joined);

  const wide = linear('wide', norm('norm2', between, weights.beforeLayers), channels, 4 * channels, weights.widening);
  const narrow = linear('narrow', op('Gelu', 'bent', wide), 4 * channels, channels, weights.narrowing);
  const done = reshape('tokens', op('Add', 'done', between, narrow), [0, voxels, channels]);
  const back = transpose('back', gather('unsorted', done, deal.tokens), 0, 2, 1);
  return { ...input, name: builder.node('Reshape', layer, [back, builder.shared([0, channels, ...size])]) };
}

/** (rows, columns) to (columns, rows). */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column] as number;
  return out;
}
