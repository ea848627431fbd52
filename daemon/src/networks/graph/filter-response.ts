import { type GraphBuilder, type Value } from './graph-builder.js';

/** Weights of a filter response norm, one number for each channel. */
export interface FilterResponse {
  readonly epsilon: Float32Array;
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /** Lower bound of the result, which is learned. */
  readonly threshold: Float32Array;
}

/**
 * Filter response norm (Singh and Krishnan, arXiv:1911.09737): x / √(mean of x² over the cube + |ε|), scaled, shifted, and not below a
 * threshold. The mean is over the cube that is given, so the result depends on how a map is cut into cubes.
 */
export function filterResponseNorm(
  builder: GraphBuilder,
  layer: string,
  input: Value,
  { epsilon, scale, shift, threshold }: FilterResponse,
): Value {
  const perChannel = (word: string, values: Float32Array): string =>
    builder.floats(`${layer}/${word}`, [1, input.channels, 1, 1, 1], values);
  const square = builder.node('Mul', `${layer}/square`, [input.name, input.name]);
  const power = builder.node('ReduceMean', `${layer}/power`, [square, builder.ints(`${layer}/axes`, [2, 3, 4])]);
  const above = builder.node('Add', `${layer}/above`, [power, perChannel('epsilon', epsilon.map(Math.abs))]);
  const root = builder.node('Sqrt', `${layer}/root`, [above]);
  const normal = builder.node('Div', `${layer}/normal`, [input.name, root]);
  const scaled = builder.node('Mul', `${layer}/scaled`, [normal, perChannel('scale', scale)]);
  const shifted = builder.node('Add', `${layer}/shifted`, [scaled, perChannel('shift', shift)]);
  return { ...input, name: builder.node('Max', layer, [shifted, perChannel('threshold', threshold)]) };
}
